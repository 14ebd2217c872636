/** What the machine under a relay has to give: ports, memory, and what a control group may use. */
@org.jspecify.annotations.NullMarked
package dev.postbus.cli.machine;
