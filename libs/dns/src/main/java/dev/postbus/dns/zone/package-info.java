/** The records as a part of a zone file. */
@org.jspecify.annotations.NullMarked
package dev.postbus.dns.zone;
