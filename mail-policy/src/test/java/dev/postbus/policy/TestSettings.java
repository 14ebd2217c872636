package dev.postbus.policy;

import dev.postbus.policy.settings.PolicySettings;
import java.net.URI;
import java.nio.file.Path;

/** Settings for tests, with rooms for everything in one folder. */
public final class TestSettings {
  private TestSettings() {}

  /** A small relay. */
  public static PolicySettings in(Path folder, int reinject) {
    var nowhere =
        new PolicySettings.Notifications(
            folder.resolve("notifications"), URI.create("https://localhost:1/notify"), "");
    return in(folder, reinject, "", nowhere);
  }

  /** A small relay with an iroh relay and a notification server. */
  public static PolicySettings in(
      Path folder, String irohRelay, PolicySettings.Notifications notifications) {
    return in(folder, 1, irohRelay, notifications);
  }

  private static PolicySettings in(
      Path folder, int reinject, String irohRelay, PolicySettings.Notifications notifications) {
    return new PolicySettings(
        "relay.test",
        folder,
        folder.resolve("block-creation"),
        5000,
        5000,
        new PolicySettings.Accounts(9, 9, 9, 1000, 0, 0),
        new PolicySettings.Limits(60, 3, 100_000),
        new PolicySettings.Sockets(folder.resolve("doveauth"), folder.resolve("lastlogin")),
        new PolicySettings.Metadata(
            folder.resolve("metadata"),
            irohRelay,
            "relay.test",
            folder.resolve("turn-secret"),
            folder.resolve("appversions.json")),
        notifications,
        new PolicySettings.Filter(0, reinject),
        new PolicySettings.Filter(0, reinject),
        0);
  }
}
