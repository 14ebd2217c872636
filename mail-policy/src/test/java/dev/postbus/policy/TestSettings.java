package dev.postbus.policy;

import dev.postbus.policy.settings.PolicySettings;
import java.nio.file.Path;

/** Settings for tests, with rooms for everything in one folder. */
public final class TestSettings {
  private TestSettings() {}

  /** A small relay. */
  public static PolicySettings in(Path folder, int reinject) {
    return of("relay.test", folder, reinject);
  }

  /** The same under another domain. */
  public static PolicySettings of(String domain, Path folder, int reinject) {
    return of(domain, new PolicySettings.Accounts(9, 9, 9, 1000, 0, 0), folder, reinject);
  }

  /** The same with other rules for accounts. */
  public static PolicySettings with(PolicySettings.Accounts accounts, Path folder) {
    return of("relay.test", accounts, folder, 1);
  }

  private static PolicySettings of(
      String domain, PolicySettings.Accounts accounts, Path folder, int reinject) {
    return new PolicySettings(
        domain,
        folder,
        folder.resolve("block-creation"),
        5000,
        5000,
        accounts,
        new PolicySettings.Limits(60, 3, 100_000),
        new PolicySettings.Sockets(
            folder.resolve("doveauth"),
            folder.resolve("lastlogin"),
            folder.resolve("quota-warning")),
        new PolicySettings.Filter(0, reinject),
        new PolicySettings.Filter(0, reinject),
        new PolicySettings.Expiry(20, 7, 90, 1_000_000, folder.resolve("expiry-due")),
        0);
  }
}
