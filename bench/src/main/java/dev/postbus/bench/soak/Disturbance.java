package dev.postbus.bench.soak;

import java.io.IOException;

/** Something that is done to the relay while mail flows. */
public interface Disturbance extends AutoCloseable {

  /** What it does, in words, such as {@code kill of dovecot}. */
  String name();

  /**
   * Does it, and returns when its effect is over.
   *
   * @throws IOException if the relay does not do its part
   */
  void run() throws IOException, InterruptedException;

  /** Takes back what would stay; nothing, for most. */
  @Override
  default void close() throws IOException {}
}
