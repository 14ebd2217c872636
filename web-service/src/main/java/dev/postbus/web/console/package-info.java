/**
 * The operator's console: pages that a browser on this machine shows, behind a login of their own.
 */
@org.jspecify.annotations.NullMarked
package dev.postbus.web.console;
