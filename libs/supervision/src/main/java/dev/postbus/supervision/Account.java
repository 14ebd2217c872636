package dev.postbus.supervision;

import java.util.List;

/**
 * The numeric user and groups that a process runs under; no entry in the machine's user database is
 * needed.
 *
 * @param uid user id, 0 or more
 * @param gid group id, 0 or more
 * @param groups supplementary group ids; all others are dropped
 * @param capabilities what it may do beyond that user's rights, as setpriv(1) names them, such as
 *     {@code dac_read_search}
 */
public record Account(int uid, int gid, List<Integer> groups, List<String> capabilities) {
  /** Validates the ids. */
  public Account {
    groups = List.copyOf(groups);
    capabilities = List.copyOf(capabilities);
    if (uid < 0 || gid < 0 || groups.stream().anyMatch(group -> group < 0)) {
      throw new IllegalArgumentException(
          "uid, gid and groups must be 0 or more: " + uid + ", " + gid + ", " + groups);
    }
    if (!capabilities.stream().allMatch(one -> one.matches("[a-z_]+"))) {
      throw new IllegalArgumentException("not names of capabilities: " + capabilities);
    }
  }

  /** An account without capabilities. */
  public Account(int uid, int gid, List<Integer> groups) {
    this(uid, gid, groups, List.of());
  }

  /** An account whose group has the same number, without supplementary groups. */
  public static Account of(int id) {
    return new Account(id, id, List.of());
  }

  /** The same with a capability; none of its children's children can have more. */
  public Account with(String capability) {
    return new Account(uid, gid, groups, List.of(capability));
  }
}
