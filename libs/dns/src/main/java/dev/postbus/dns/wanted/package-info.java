/** Which DNS records a relay needs, and whether what was found means the same. */
@org.jspecify.annotations.NullMarked
package dev.postbus.dns.wanted;
