package dev.postbus.policy;

import dev.postbus.policy.settings.PolicySettings;
import java.nio.file.Path;

/** Settings for tests, with rooms for everything in one folder. */
public final class TestSettings {
  private TestSettings() {}

  /** A small relay. */
  public static PolicySettings in(Path folder, int reinject) {
    return withIncoming(folder, 0, reinject, 0);
  }

  /** The same with its filter of incoming mail on a port, and a resolver on another. */
  public static PolicySettings withIncoming(
      Path folder, int listen, int reinject, int resolverPort) {
    return new PolicySettings(
        "relay.test",
        folder,
        folder.resolve("block-creation"),
        5000,
        5000,
        new PolicySettings.Accounts(9, 9, 9, 1000, 0, 0),
        new PolicySettings.Limits(60, 3, 100_000),
        new PolicySettings.Sockets(folder.resolve("doveauth"), folder.resolve("lastlogin")),
        new PolicySettings.Filter(0, reinject),
        new PolicySettings.Filter(listen, reinject),
        new PolicySettings.Dkim(true, resolverPort),
        0);
  }

  /** The same for a relay whose addresses have no domain. */
  public static PolicySettings withoutDkim(PolicySettings settings) {
    return new PolicySettings(
        settings.mailDomain(),
        settings.mailboxes(),
        settings.blockCreation(),
        settings.uid(),
        settings.gid(),
        settings.accounts(),
        settings.limits(),
        settings.sockets(),
        settings.outgoing(),
        settings.incoming(),
        new PolicySettings.Dkim(false, settings.dkim().resolverPort()),
        settings.controlPort());
  }
}
