/** Files that others change: by which folders their way leads, and when something happens there. */
@org.jspecify.annotations.NullMarked
package dev.postbus.watch;
