package dev.postbus.policy.dkim;

import java.util.List;

/** Asks DNS for TXT records. */
@FunctionalInterface
public interface TxtLookup {
  /**
   * The TXT records of a name, the strings of each joined; empty if it has none.
   *
   * @param name a domain name without a dot at its end
   * @throws NoAnswer if that cannot be known now
   */
  List<String> txt(String name) throws NoAnswer;

  /** DNS did not answer, or failed (SERVFAIL, also for what DNSSEC shows to be forged). */
  final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public NoAnswer(String reason) {
      super(reason);
    }
  }
}
