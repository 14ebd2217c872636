package dev.postbus.mail;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public part of the key that the relay's mail is signed with, as it is to stand in DNS.
 *
 * @param domain the domain that signs
 * @param key the key
 */
record DkimKey(String domain, RSAPublicKey key) {
  /** That of the public relay, so that its record in DNS stays as it is. */
  static final String SELECTOR = "opendkim";

  /** Where the record belongs. */
  String name() {
    return SELECTOR + "._domainkey." + domain;
  }

  /** The TXT record's text (RFC 6376 section 3.6.1); DNS has it in strings of 255 bytes. */
  String value() {
    return "v=DKIM1;k=rsa;p="
        + Base64.getEncoder().encodeToString(key.getEncoded())
        + ";s=email;t=s";
  }

  /** SHA-256 of the key's SubjectPublicKeyInfo, in hex. */
  String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
