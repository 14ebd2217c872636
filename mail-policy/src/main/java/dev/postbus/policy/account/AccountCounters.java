package dev.postbus.policy.account;

import dev.postbus.policy.count.EnumCounter;

/** What has happened to accounts since the start of this process. */
public final class AccountCounters {
  private final EnumCounter<Kind> created = new EnumCounter<>(Kind.class);
  private final EnumCounter<Refusal.Reason> refused = new EnumCounter<>(Refusal.Reason.class);

  /** Whose an account is. */
  public enum Kind {
    /** Of automatic tests: its address begins with {@code ci-}. */
    CI,
    /** Anybody else's. */
    OTHER
  }

  /** Accounts made. */
  public EnumCounter<Kind> created() {
    return created;
  }

  /** First logins that made none. */
  public EnumCounter<Refusal.Reason> refused() {
    return refused;
  }
}
