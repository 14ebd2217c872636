/** Delta Chat's own core as a client, spoken to by JSON-RPC, and what it measures. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.deltachat;
