package dev.postbus.cert.foreign;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A chain and its key that were brought from outside and can be used. Prints nothing of the key.
 *
 * @param chain leaf first
 * @param key the leaf's
 * @param warnings what an operator should know although it is accepted
 * @param issuerMissing whether the chain is a leaf alone that it did not sign itself: it may be a
 *     file that somebody is still writing
 */
public record ForeignPair(
    List<X509Certificate> chain, PrivateKey key, List<String> warnings, boolean issuerMissing) {
  /** Copies the lists, and makes lines of the warnings. */
  public ForeignPair {
    chain = List.copyOf(chain);
    warnings = Printable.texts(warnings);
  }

  @Override
  public String toString() {
    return "chain of " + chain.getFirst().getSubjectX500Principal();
  }
}
