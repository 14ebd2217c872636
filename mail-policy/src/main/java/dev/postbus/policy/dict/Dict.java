package dev.postbus.policy.dict;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a dict server serves. The user is whom Dovecot asks for; empty when it asks for itself.
 *
 * <p>Any method may throw a {@link DictRefusal}, whose words Dovecot is told.
 */
public interface Dict {
  /** The value of a key, if it has one. */
  default Optional<String> lookup(String user, String key) throws IOException {
    return Optional.empty();
  }

  /** Names all keys below a prefix. */
  default void iterate(String prefix, Consumer<String> keys) throws IOException {}

  /** A key was set in a transaction that is being committed. */
  default void set(String user, String key, String value) throws IOException {
    throw new DictRefusal("nothing can be set here");
  }

  /** A key was removed in a transaction that is being committed. */
  default void unset(String user, String key) throws IOException {
    throw new DictRefusal("nothing can be removed here");
  }
}
