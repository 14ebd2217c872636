package dev.postbus.policy.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.james.jdkim.tagvalue.PublicKeyRecordImpl;

/**
 * A key in DNS (RFC 6376 section 3.6.1). Its constructor, {@link #validate} and {@link
 * #getPublicKey} throw any {@link RuntimeException} for what is malformed or not accepted.
 */
final class KeyRecord extends PublicKeyRecordImpl {
  private static final int FEWEST_RSA_BITS = 1024;
  // With the white space in it, the time would grow with the square of the record's length.
  private static final Pattern COLON = Pattern.compile(":");
  // RFC 8410: what comes before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo.
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int ED25519_BYTES = 32;

  KeyRecord(String record) {
    super(record);
  }

  @Override
  public void validate() {
    super.validate();
    if (COLON
        .splitAsStream(getValue("s").toString())
        .map(String::strip)
        .noneMatch(service -> service.equals("*") || service.equalsIgnoreCase("email"))) {
      throw new IllegalStateException("the key is not for mail");
    }
  }

  @Override
  public PublicKey getPublicKey() {
    var bytes = Base64Value.decoded(getValue("p"));
    try {
      return switch (getValue("k").toString()) {
        case "rsa" -> rsa(bytes);
        case "ed25519" -> ed25519(bytes);
        default -> throw new IllegalStateException("this kind of key is not known");
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key cannot be read", e);
    }
  }

  private static PublicKey rsa(byte[] bytes) throws GeneralSecurityException {
    var key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes));
    if (((RSAPublicKey) key).getModulus().bitLength() < FEWEST_RSA_BITS) {
      throw new IllegalStateException("the key is shorter than RFC 8301 allows");
    }
    return key;
  }

  private static PublicKey ed25519(byte[] bytes) throws GeneralSecurityException {
    if (bytes.length != ED25519_BYTES) {
      throw new IllegalStateException("an Ed25519 key has 32 bytes");
    }
    var encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(bytes, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
