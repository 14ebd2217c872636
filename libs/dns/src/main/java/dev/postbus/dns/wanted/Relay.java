package dev.postbus.dns.wanted;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/**
 * A relay, as far as DNS has to tell of it.
 *
 * @param domain its mail domain, without a dot at the end
 * @param ipv4 where its domain has to lead; none if the list is empty, not known if there is no
 *     list
 * @param ipv6 the same for IPv6
 * @param mtaSts the id of its policy for senders (RFC 8461, section 3.1)
 * @param dkim the key that its mail is signed with
 * @param issuers who its certificates come from, and by which account; may be empty
 */
public record Relay(
    String domain,
    Optional<List<Inet4Address>> ipv4,
    Optional<List<Inet6Address>> ipv6,
    String mtaSts,
    DkimKey dkim,
    List<Issuer> issuers) {
  /** Copies the lists. */
  public Relay {
    ipv4 = ipv4.map(List::copyOf);
    ipv6 = ipv6.map(List::copyOf);
    issuers = List.copyOf(issuers);
  }

  /**
   * A key for DKIM.
   *
   * @param selector its name below {@code _domainkey} of the domain
   * @param text the text of its TXT record (RFC 6376, section 3.6.1)
   */
  public record DkimKey(String selector, String text) {}

  /**
   * An account with an ACME authority.
   *
   * @param authority the domain that CAA records name the authority by
   * @param account the account's URL (RFC 8657)
   */
  public record Issuer(String authority, String account) {}
}
