package dev.postbus.supervision;

import java.util.List;

/**
 * The numeric user and groups that a process runs under; no entry in the machine's user database is
 * needed.
 *
 * @param uid user id, 0 or more
 * @param gid group id, 0 or more
 * @param groups supplementary group ids; all others are dropped
 */
public record Account(int uid, int gid, List<Integer> groups) {
  /** Validates the ids. */
  public Account {
    groups = List.copyOf(groups);
    if (uid < 0 || gid < 0 || groups.stream().anyMatch(group -> group < 0)) {
      throw new IllegalArgumentException(
          "uid, gid and groups must be 0 or more: " + uid + ", " + gid + ", " + groups);
    }
  }

  /** An account whose group has the same number, without supplementary groups. */
  public static Account of(int id) {
    return new Account(id, id, List.of());
  }
}
