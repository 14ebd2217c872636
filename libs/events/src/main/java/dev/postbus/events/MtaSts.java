package dev.postbus.events;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * How other servers are to send mail here: by TLS only (RFC 8461). The policy is a page, and its id
 * a record in DNS, by which they notice that it is another one.
 *
 * @param domain the mail domain, which is its only mail server, too
 */
public record MtaSts(String domain) {
  private static final int BYTES = 8;

  /** The policy's text (section 3.2). */
  public String policy() {
    return "version: STSv1\r\nmode: enforce\r\nmx: " + domain + "\r\nmax_age: 2419200\r\n";
  }

  /** Its id, letters and digits (section 3.1): another text has another one. */
  public String id() {
    var hash = RecordDigest.sha256().digest(policy().getBytes(StandardCharsets.UTF_8));
    return "postbus" + HexFormat.of().formatHex(hash, 0, BYTES);
  }
}
