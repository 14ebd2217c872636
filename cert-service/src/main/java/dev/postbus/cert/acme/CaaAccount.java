package dev.postbus.cert.acme;

import org.jspecify.annotations.Nullable;

/**
 * An authority and the account there, as CAA records name them (RFC 8659, RFC 8657).
 *
 * @param directory the authority's ACME directory
 * @param authority the domain that stands for it
 * @param account the account's URL; null until there is one
 */
public record CaaAccount(String directory, String authority, @Nullable String account) {}
