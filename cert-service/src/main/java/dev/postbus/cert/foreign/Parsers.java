package dev.postbus.cert.foreign;

import java.time.Clock;

/** Parsers of what somebody brought. */
public final class Parsers {
  private Parsers() {}

  /**
   * A parser that foreign bytes can be given to: in this process if it has no privileges, in one
   * without any otherwise.
   *
   * @param uid the user of that process, where this one is root
   */
  public static PairParser unprivileged(Clock clock, int uid) {
    return Privileges.ofThisProcess().parser(clock, uid);
  }
}
