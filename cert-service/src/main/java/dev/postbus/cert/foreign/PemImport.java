package dev.postbus.cert.foreign;

import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.Pem;
import dev.postbus.certificates.StoredCertificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * Reads a certificate and a key that somebody brought: PEM, with PKCS #8, PKCS #1 and SEC 1 keys,
 * and chains in any order. What is wrong is named; no message shows a byte of the key.
 */
public final class PemImport implements PairParser {
  /** OpenSSL's security level 2, Debian's default, refuses smaller ones. */
  private static final int SMALLEST_RSA = 2048;

  private static final int MOST_PROBLEMS = 20;

  private final Clock clock;

  /** An import that takes what is valid by a clock. */
  public PemImport(Clock clock) {
    this.clock = clock;
  }

  @Override
  public ForeignPair parse(byte[] certificateFile, byte[] keyFile, List<String> names)
      throws UnusablePair {
    var problems = new ArrayList<String>();
    List<X509Certificate> given = List.of();
    try {
      given = certificates(certificateFile);
    } catch (UnusablePair e) {
      problems.addAll(e.problems());
    }
    PemKey key = null;
    var perhapsHalf = given.isEmpty();
    try {
      key = PemKey.read(keyFile);
    } catch (UnusablePair e) {
      problems.addAll(e.problems());
      perhapsHalf |= e.perhapsHalf();
    }
    if (given.isEmpty() || key == null) {
      throw new UnusablePair(problems, perhapsHalf);
    }
    return judge(given, key, names);
  }

  @Override
  public ForeignPair parseStore(byte[] store, List<String> names) throws UnusablePair {
    var entries = TraefikStore.read(store);
    var domain = names.getFirst();
    var usable = new ArrayList<ForeignPair>();
    var problems = new LinkedHashSet<String>();
    var perhapsHalf = false;
    for (var entry : entries) {
      if (isFor(entry, domain)) {
        try {
          usable.add(entry.pair().parse(this, names));
        } catch (UnusablePair e) {
          problems.addAll(e.problems());
          perhapsHalf |= e.perhapsHalf();
        }
      }
    }
    if (usable.isEmpty()) {
      if (problems.isEmpty()) {
        problems.add(
            "none of the %d certificates in it is for %s: Traefik needs a router with a certResolver for that name"
                .formatted(entries.size(), domain));
      }
      throw new UnusablePair(problems.stream().limit(MOST_PROBLEMS).toList(), perhapsHalf);
    }
    return best(usable, names);
  }

  /** By the certificate itself, or where that cannot be read, by what stands beside it. */
  private static boolean isFor(TraefikStore.Entry entry, String domain) {
    try {
      var leaf = inOrder(certificates(entry.pair().certificate())).getFirst();
      return CertificateCheck.covers(StoredCertificate.names(leaf), domain);
    } catch (UnusablePair unreadable) {
      return CertificateCheck.covers(entry.names(), domain);
    }
  }

  /** Several resolvers may have one each, and a resolver one for a name and one for a wildcard. */
  private static ForeignPair best(List<ForeignPair> usable, List<String> names) {
    var best =
        Collections.max(
            usable,
            Comparator.<ForeignPair>comparingLong(pair -> covered(pair, names))
                .thenComparing(pair -> pair.chain().getFirst().getNotBefore()));
    if (usable.size() == 1) {
      return best;
    }
    var warnings = new ArrayList<>(best.warnings());
    warnings.add(
        "%d certificates are for %s: taken is the newest of those that cover most of %s"
            .formatted(usable.size(), names.getFirst(), names));
    return new ForeignPair(best.chain(), best.key(), warnings, best.issuerMissing());
  }

  private static long covered(ForeignPair pair, List<String> names) {
    var covered = StoredCertificate.names(pair.chain().getFirst());
    return names.stream().filter(name -> CertificateCheck.covers(covered, name)).count();
  }

  private ForeignPair judge(List<X509Certificate> given, PemKey key, List<String> names)
      throws UnusablePair {
    var warnings = new ArrayList<String>();
    var chain = inOrder(given);
    if (!chain.equals(given)) {
      warnings.add("the chain was not in order, leaf first; it has been mended");
    }
    var leaf = chain.getFirst();
    var problems =
        new ArrayList<>(
            CertificateCheck.problems(chain, key.key(), List.of(names.getFirst()), clock));
    // Both happen when one of two files, or part of a chain, is there already.
    var perhapsHalf =
        problems.stream().anyMatch(p -> p.contains("does not fit") || p.contains("not signed by"));
    problems.addAll(whatDaemonsRefuse(chain));
    if (!problems.isEmpty()) {
      throw new UnusablePair(problems, perhapsHalf);
    }
    var covered = StoredCertificate.names(leaf);
    for (var name : names.subList(1, names.size())) {
      if (!CertificateCheck.covers(covered, name)) {
        warnings.add("the certificate does not cover " + name);
      }
    }
    if (leaf.getPublicKey().getAlgorithm().startsWith("Ed")) {
      warnings.add(
          "the key is "
              + leaf.getPublicKey().getAlgorithm()
              + ": the relay serves it, but most browsers and many mail programs and servers cannot"
              + " use such a certificate; EC P-256 is understood by all");
    }
    var issuerMissing = chain.size() == 1 && !issued(leaf, leaf);
    if (issuerMissing) {
      warnings.add(
          "the certificate comes without that of its issuer, "
              + leaf.getIssuerX500Principal().getName()
              + "; others will not trust it unless that is a root of theirs");
    }
    return new ForeignPair(chain, key.key(), warnings, issuerMissing);
  }

  /** They would take such a file up, and then fail at every handshake. */
  private static List<String> whatDaemonsRefuse(List<X509Certificate> chain) {
    var problems = new ArrayList<String>();
    if (chain.getFirst().getPublicKey() instanceof RSAPublicKey rsa
        && rsa.getModulus().bitLength() < SMALLEST_RSA) {
      problems.add(
          "the RSA key has %d bits: the daemons refuse less than %d"
              .formatted(rsa.getModulus().bitLength(), SMALLEST_RSA));
    }
    for (var one : chain) {
      var algorithm = one.getSigAlgName().toUpperCase(Locale.ROOT);
      var root = one.getSubjectX500Principal().equals(one.getIssuerX500Principal());
      if (!root && (algorithm.startsWith("SHA1") || algorithm.startsWith("MD"))) {
        problems.add(
            "the certificate of %s is signed with %s, which the daemons refuse: SHA-256 or better"
                .formatted(one.getSubjectX500Principal().getName(), one.getSigAlgName()));
      }
    }
    return problems;
  }

  private static List<X509Certificate> certificates(byte[] file) throws UnusablePair {
    var form = PemForm.of(file);
    var why = form.problem("CERTIFICATE", "openssl x509 -inform DER -in CERT -out CERT.pem");
    if (why.isEmpty()) {
      try {
        return Pem.certificates(form.text());
      } catch (CertificateException | RuntimeException | StackOverflowError e) {
        why = java.util.Optional.of("a block in it is damaged");
      }
    }
    throw new UnusablePair(
        List.of(
            "the certificate cannot be read: "
                + why.get()
                + "; it must be PEM text with BEGIN CERTIFICATE, leaf first"),
        true);
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
}
