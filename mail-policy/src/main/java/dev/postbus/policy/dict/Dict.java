package dev.postbus.policy.dict;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** What a dict server serves. */
public interface Dict {
  /** The value of a key, if it has one. */
  default Optional<String> lookup(String key) throws IOException {
    return Optional.empty();
  }

  /** Names all keys below a prefix. */
  default void iterate(String prefix, Consumer<String> keys) throws IOException {}

  /** A key was set in a transaction that has been committed. */
  default void set(String key, String value) throws IOException {}
}
