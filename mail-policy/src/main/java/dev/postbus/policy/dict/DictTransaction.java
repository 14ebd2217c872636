package dev.postbus.policy.dict;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes for one user that are made together, or refused together before any is made. */
final class DictTransaction {
  private static final int MOST_CHANGES = 100;

  private final String user;
  private final List<Change> changes = new ArrayList<>();
  private @Nullable String refusal;

  DictTransaction(String user) {
    this.user = user;
  }

  private sealed interface Change {
    record Set(String key, String value) implements Change {}

    record Unset(String key) implements Change {}
  }

  void set(String key, String value) {
    add(new Change.Set(key, value));
  }

  void unset(String key) {
    add(new Change.Unset(key));
  }

  /** Makes the commit fail with these words. */
  void refuse(String why) {
    refusal = why;
  }

  private void add(Change change) {
    if (changes.size() < MOST_CHANGES) {
      changes.add(change);
    } else {
      refuse("more than " + MOST_CHANGES + " changes at once");
    }
  }

  void commit(Dict dict) throws IOException {
    if (refusal != null) {
      throw new DictRefusal(refusal);
    }
    for (var change : changes) {
      switch (change) {
        case Change.Set(var key, var value) -> dict.set(user, key, value);
        case Change.Unset(var key) -> dict.unset(user, key);
      }
    }
  }
}
