/** Asks the services by their HTTP interfaces. */
@org.jspecify.annotations.NullMarked
package dev.postbus.web.services;
