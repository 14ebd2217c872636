/**
 * The public side of the relay: runs nginx, renders the pages, and hands out new addresses. nginx
 * passes on exactly one request of the public to this service: {@code POST /new}.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.web;
