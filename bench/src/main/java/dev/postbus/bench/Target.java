package dev.postbus.bench;

/**
 * A relay to measure. Its certificate is not looked at: relays under test sign their own.
 *
 * @param host name or address to connect to
 * @param smtp port of SMTP between relays, STARTTLS
 * @param imap port of IMAP with STARTTLS
 * @param imaps port of IMAP over TLS
 * @param submissions port of submission over TLS
 * @param submission port of submission with STARTTLS
 * @param https port of the web pages
 * @param domain what stands behind the @ of its addresses
 */
public record Target(
    String host,
    int smtp,
    int imap,
    int imaps,
    int submissions,
    int submission,
    int https,
    String domain) {

  /** A relay whose ports are all the standard ones plus an offset. */
  public static Target withOffset(String host, int offset, String domain) {
    return new Target(
        host,
        25 + offset,
        143 + offset,
        993 + offset,
        465 + offset,
        587 + offset,
        443 + offset,
        domain);
  }
}
