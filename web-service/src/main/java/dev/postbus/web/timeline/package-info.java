/** The log in pages, newest first, and the chain of what one change has caused. */
@org.jspecify.annotations.NullMarked
package dev.postbus.web.timeline;
