/** An embedded Kafka broker (KRaft, one node) for the local stack and for tests. */
@org.jspecify.annotations.NullMarked
package dev.postbus.broker;
