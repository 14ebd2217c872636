package dev.postbus.certificates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What must hold before a certificate is used; every problem is named, none shows key bytes. */
public final class CertificateCheck {
  private static final byte[] PROOF = "does this key fit".getBytes(StandardCharsets.US_ASCII);

  private CertificateCheck() {}

  /** All problems of a stored generation for the given names. */
  public static List<String> problems(StoredCertificate stored, List<String> names, Clock clock) {
    PrivateKey key;
    try {
      key = key(Files.readString(stored.privateKey(), StandardCharsets.US_ASCII), stored.leaf());
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return List.of("the private key in " + stored.folder() + " cannot be read");
    }
    return problems(stored.chain(), key, names, clock);
  }

  /** All problems of a chain and its key for the given names. */
  public static List<String> problems(
      List<X509Certificate> chain, PrivateKey key, List<String> names, Clock clock) {
    var problems = new ArrayList<String>();
    var leaf = chain.getFirst();
    if (!fits(leaf.getPublicKey(), key)) {
      problems.add("the private key does not fit the certificate");
    }
    Instant now = clock.instant();
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      problems.add("the certificate is not valid before " + leaf.getNotBefore().toInstant());
    }
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      problems.add("the certificate expired at " + leaf.getNotAfter().toInstant());
    }
    var covered = StoredCertificate.names(leaf);
    for (var name : names) {
      if (!covers(covered, name)) {
        problems.add("the certificate does not cover " + name + ", only " + covered);
      }
    }
    for (int i = 0; i + 1 < chain.size(); i++) {
      var issuer = chain.get(i + 1);
      try {
        chain.get(i).verify(issuer.getPublicKey());
      } catch (GeneralSecurityException e) {
        problems.add(
            "certificate %d of the chain (%s) is not signed by the next one (%s)"
                .formatted(
                    i + 1,
                    chain.get(i).getSubjectX500Principal(),
                    issuer.getSubjectX500Principal()));
      }
    }
    return List.copyOf(problems);
  }

  /** Whether a list of covered names covers one, wildcards by RFC 6125 section 6.4.3. */
  public static boolean covers(List<String> covered, String name) {
    var wanted = name.toLowerCase(Locale.ROOT);
    var dot = wanted.indexOf('.');
    var wildcard = dot < 0 ? "" : "*" + wanted.substring(dot);
    return covered.stream()
        .map(one -> one.toLowerCase(Locale.ROOT))
        .anyMatch(one -> one.equals(wanted) || one.equals(wildcard));
  }

  private static PrivateKey key(String pem, X509Certificate leaf) throws GeneralSecurityException {
    var body = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    return KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm()).generatePrivate(spec);
  }

  private static boolean fits(PublicKey certified, PrivateKey key) {
    var algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> certified.getAlgorithm();
        };
    try {
      var signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(PROOF);
      var proof = signer.sign();
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certified);
      verifier.update(PROOF);
      return verifier.verify(proof);
    } catch (GeneralSecurityException wrongKind) {
      return false;
    }
  }
}
