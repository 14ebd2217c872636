/** What the authoritative name servers say, compared with what is wanted. */
@org.jspecify.annotations.NullMarked
package dev.postbus.dns.check;
