/** What this process is told by the file that it is started with. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.settings;
