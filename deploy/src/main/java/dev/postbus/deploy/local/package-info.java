/**
 * A whole relay on one machine without containers: the programs are staged into the state folder
 * and run under one supervising process.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.deploy.local;
