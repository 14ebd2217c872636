package dev.postbus.mail;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * RSA private keys as PEM text (RFC 7468): PKCS #8, and the PKCS #1 that opendkim-genkey and older
 * tools write.
 */
final class RsaPrivateKeyPem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END ");
  // Version 0 and rsaEncryption without parameters: what PKCS #8 has before a PKCS #1 key.
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private RsaPrivateKeyPem() {}

  /** The public part of the private key in a text; empty if there is none that can be read. */
  static Optional<RSAPublicKey> publicPart(String text) {
    var block = BLOCK.matcher(text);
    if (!block.find()) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getMimeDecoder().decode(block.group(2));
      var encoded = block.group(1) == null ? bytes : pkcs8(bytes);
      var rsa = KeyFactory.getInstance("RSA");
      var key = (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(encoded));
      var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
      return Optional.of((RSAPublicKey) rsa.generatePublic(spec));
    } catch (GeneralSecurityException | RuntimeException unreadable) {
      // The reason may hold what was read.
      return Optional.empty();
    }
  }

  private static byte[] pkcs8(byte[] pkcs1) {
    var content = new ByteArrayOutputStream();
    content.writeBytes(RSA);
    content.writeBytes(der(OCTET_STRING, pkcs1));
    return der(SEQUENCE, content.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
