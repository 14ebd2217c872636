/** {@code postbus}, the operator's command: asks the services, and shows what they say. */
@org.jspecify.annotations.NullMarked
package dev.postbus.cli;
