/** Listening sockets with a virtual thread for each connection. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.net;
