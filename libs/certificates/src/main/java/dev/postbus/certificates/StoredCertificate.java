package dev.postbus.certificates;

import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One generation in the store.
 *
 * @param folder its folder, named by the fingerprint, and a number from its second chain on
 * @param chain leaf first
 */
public record StoredCertificate(Path folder, List<X509Certificate> chain) {
  /** Copies the chain. */
  public StoredCertificate {
    chain = List.copyOf(chain);
  }

  /** Leaf and intermediates. */
  public Path fullChain() {
    return folder.resolve(CertificateStore.CHAIN);
  }

  /** The private key, PKCS #8. */
  public Path privateKey() {
    return folder.resolve(CertificateStore.KEY);
  }

  /** Key and chain in one file, as Postfix's {@code smtpd_tls_chain_files} wants it. */
  public Path chainAndKey() {
    return folder.resolve(CertificateStore.CHAIN_AND_KEY);
  }

  /** The leaf. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** SHA-256 of the leaf, lower-case hex. */
  public String fingerprint() {
    return fingerprint(leaf());
  }

  /** SHA-256 of a certificate, lower-case hex. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of().formatHex(Digests.sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate cannot be encoded", e);
    }
  }

  /** DNS names and IP addresses that a certificate covers (RFC 5280, section 4.2.1.6). */
  public static List<String> names(X509Certificate certificate) {
    var names = new ArrayList<String>();
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (var name : alternatives) {
          if (name.get(0) instanceof Integer type && (type == 2 || type == 7)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (java.security.cert.CertificateParsingException unreadable) {
      // Then it covers nothing that anybody can rely on.
      return List.of();
    }
    return List.copyOf(names);
  }
}
