package dev.postbus.policy.dict;

import dev.postbus.policy.account.Accounts;
import java.io.IOException;

/** Takes Dovecot's {@code last_login}: key {@code shared/last-login/<address>}. */
public final class LastLoginDict implements Dict {
  private static final String PREFIX = "shared/last-login/";

  private final Accounts accounts;

  /** Tells the given accounts of logins. */
  public LastLoginDict(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public void set(String user, String key, String value) throws IOException {
    if (key.startsWith(PREFIX)) {
      accounts.loggedIn(key.substring(PREFIX.length()));
    }
  }
}
