/** Runs child processes well: order, readiness, reload, back-off, and none left behind. */
@org.jspecify.annotations.NullMarked
package dev.postbus.supervision;
