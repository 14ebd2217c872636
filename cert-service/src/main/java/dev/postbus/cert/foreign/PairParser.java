package dev.postbus.cert.foreign;

import java.util.List;

/** Makes a certificate and key of bytes that somebody brought. */
public interface PairParser extends AutoCloseable {
  /**
   * Parses and checks.
   *
   * @param certificate the certificate file
   * @param key the key file
   * @param names the relay's names, the first of which must be covered
   * @throws UnusablePair with every problem
   */
  ForeignPair parse(byte[] certificate, byte[] key, List<String> names) throws UnusablePair;

  /**
   * Picks out of Traefik's {@code acme.json} what is for the relay, and parses and checks that.
   *
   * @param store the file
   * @param names the relay's names, the first of which must be covered
   * @throws UnusablePair with every problem
   */
  ForeignPair parseStore(byte[] store, List<String> names) throws UnusablePair;

  /** Makes ready what the next call needs, if that takes time. */
  default void prepare() {}

  /** Gives back what is kept between calls; the next call takes it again. */
  @Override
  default void close() {}
}
