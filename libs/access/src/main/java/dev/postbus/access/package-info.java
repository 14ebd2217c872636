/** Who may use a service's HTTP interface from another machine or container. */
@org.jspecify.annotations.NullMarked
package dev.postbus.access;
