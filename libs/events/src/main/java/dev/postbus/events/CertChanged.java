package dev.postbus.events;

import java.time.Instant;
import java.util.List;

/**
 * There is a new certificate in the store. Never holds key material.
 *
 * @param generation counts from 1
 * @param names DNS names and addresses that it covers
 * @param fingerprint SHA-256 of the leaf certificate, lower-case hex; also its folder's name
 * @param serial serial number, hex
 * @param issuer issuer's distinguished name, RFC 2253
 * @param notBefore start of validity
 * @param notAfter end of validity
 * @param mode where it comes from
 * @param reason why it is there
 */
public record CertChanged(
    long generation,
    List<String> names,
    String fingerprint,
    String serial,
    String issuer,
    Instant notBefore,
    Instant notAfter,
    CertMode mode,
    CertReason reason)
    implements RelayEvent {
  /** Copies the names. */
  public CertChanged {
    names = List.copyOf(names);
  }
}
