package dev.postbus.policy.dict;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a dict server serves. */
public interface Dict {
  /** The value of a key, if it has one. */
  default Optional<String> lookup(String key) throws IOException {
    return Optional.empty();
  }

  /** Keys below a prefix. */
  default List<String> iterate(String prefix) throws IOException {
    return List.of();
  }

  /** A key was set in a transaction that has been committed. */
  default void set(String key, String value) throws IOException {}
}
