package dev.postbus.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and keys in the textual encoding of RFC 7468. */
public final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** The certificates of a chain, in the order given. */
  public static String of(List<X509Certificate> chain) {
    var text = new StringBuilder();
    for (var certificate : chain) {
      try {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("a certificate cannot be encoded", e);
      }
    }
    return text.toString();
  }

  /** A private key as PKCS #8 (RFC 5958). */
  public static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /**
   * The certificates in a text, in their order.
   *
   * @throws CertificateException if one of them cannot be read or there is none
   */
  public static List<X509Certificate> certificates(String text) throws CertificateException {
    var chain = new ArrayList<X509Certificate>();
    var factory = CertificateFactory.getInstance("X.509");
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (var found : factory.generateCertificates(new ByteArrayInputStream(bytes))) {
      chain.add((X509Certificate) found);
    }
    if (chain.isEmpty()) {
      throw new CertificateException("there is no certificate in it");
    }
    return List.copyOf(chain);
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }
}
