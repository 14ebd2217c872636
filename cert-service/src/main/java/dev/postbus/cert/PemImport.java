package dev.postbus.cert;

import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.Pem;
import dev.postbus.certificates.StoredCertificate;
import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Reads a certificate and a key that somebody brought: PKCS #8, PKCS #1 and SEC 1 keys, and chains
 * in any order. What is wrong is named; no message shows a byte of the key.
 */
final class PemImport {
  private final Clock clock;

  PemImport(Clock clock) {
    this.clock = clock;
  }

  /** What was read, and what an operator should know although it is accepted. */
  record Accepted(KeyedChain pair, List<String> warnings) {}

  /**
   * Reads and checks.
   *
   * @param names the relay's names, the first of which must be covered
   * @throws RefusedCertificate with every problem
   */
  Accepted read(String certificatePem, String keyPem, List<String> names)
      throws RefusedCertificate {
    var problems = new ArrayList<String>();
    var warnings = new ArrayList<String>();
    List<X509Certificate> given = List.of();
    PrivateKey key = null;
    try {
      given = Pem.certificates(certificatePem);
    } catch (CertificateException e) {
      problems.add(
          "the certificate cannot be read: it must be PEM text with BEGIN CERTIFICATE, leaf first");
    }
    try {
      key = key(keyPem);
    } catch (RefusedCertificate e) {
      problems.addAll(e.problems());
    }
    if (given.isEmpty() || key == null) {
      throw new RefusedCertificate(problems);
    }
    var chain = inOrder(given);
    if (!chain.equals(given)) {
      warnings.add("the chain was not in order, leaf first; it has been mended");
    }
    problems.addAll(CertificateCheck.problems(chain, key, List.of(names.getFirst()), clock));
    if (!problems.isEmpty()) {
      throw new RefusedCertificate(problems);
    }
    var covered = StoredCertificate.names(chain.getFirst());
    for (var name : names.subList(1, names.size())) {
      if (!CertificateCheck.covers(covered, name)) {
        warnings.add("the certificate does not cover " + name);
      }
    }
    var last = chain.getLast();
    if (chain.size() == 1 && !issued(last, last)) {
      warnings.add(
          "the certificate comes without that of its issuer, "
              + last.getIssuerX500Principal().getName()
              + "; others will not trust it unless that is a root of theirs");
    }
    return new Accepted(new KeyedChain(chain, key), List.copyOf(warnings));
  }

  /** The leaf is the one that signed none of the others; each is followed by its issuer. */
  private static List<X509Certificate> inOrder(List<X509Certificate> given) {
    var left = new ArrayList<>(given);
    var chain = new ArrayList<X509Certificate>();
    var leaf =
        given.stream()
            .filter(
                one -> given.stream().noneMatch(other -> !other.equals(one) && issued(one, other)))
            .findFirst();
    if (leaf.isEmpty()) {
      return given;
    }
    var next = leaf;
    while (next.isPresent()) {
      chain.add(next.get());
      left.remove(next.get());
      var last = next.get();
      next = left.stream().filter(one -> issued(one, last)).findFirst();
    }
    // What belongs to no one is left out only where the rest is a chain by itself.
    return left.isEmpty() ? chain : given;
  }

  private static boolean issued(X509Certificate issuer, X509Certificate subject) {
    return issuer.getSubjectX500Principal().equals(subject.getIssuerX500Principal());
  }

  private static PrivateKey key(String pem) throws RefusedCertificate {
    try (var parser = new PEMParser(new StringReader(pem))) {
      var converter = new JcaPEMKeyConverter();
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo info -> {
            return converter.getPrivateKey(info);
          }
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PEMEncryptedKeyPair ignored -> throw encrypted();
          case PKCS8EncryptedPrivateKeyInfo ignored -> throw encrypted();
          default -> {
            // EC keys come with a block of parameters before them.
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // The parser's message may hold what it read: it stays here.
      throw unreadable();
    }
    throw unreadable();
  }

  private static RefusedCertificate unreadable() {
    return new RefusedCertificate(
        List.of("the private key cannot be read: it must be PEM text, PKCS#8, PKCS#1 or SEC1"));
  }

  private static RefusedCertificate encrypted() {
    return new RefusedCertificate(
        List.of(
            "the private key is encrypted: nobody could type its password at a restart;"
                + " decrypt it first, e.g. with: openssl pkey -in KEY -out PLAIN"));
  }
}
