/**
 * {@code ./postbus doctor}: looks at the machine and the state for what would keep a relay from
 * working, before its first start as well as while it runs. A class a check.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.cli.doctor;
