/** What is measured with Delta Chat's own core as the client. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.deltachat;
