package dev.postbus.cert;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A chain with the key of its leaf. Prints nothing of the key.
 *
 * @param chain leaf first
 * @param key the leaf's
 */
record KeyedChain(List<X509Certificate> chain, PrivateKey key) {
  KeyedChain {
    chain = List.copyOf(chain);
  }

  @Override
  public String toString() {
    return "chain of " + chain.getFirst().getSubjectX500Principal();
  }
}
