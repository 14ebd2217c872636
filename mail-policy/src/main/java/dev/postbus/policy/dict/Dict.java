package dev.postbus.policy.dict;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

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

  /** Keys below a prefix. */
  default List<String> iterate(String prefix) throws IOException {
    return List.of();
  }

  /** A key was set in a transaction that is being committed. */
  default void set(String user, String key, String value) throws IOException {
    throw new DictRefusal("nothing can be set here");
  }

  /** A key was removed in a transaction that is being committed. */
  default void unset(String user, String key) throws IOException {
    throw new DictRefusal("nothing can be removed here");
  }
}
