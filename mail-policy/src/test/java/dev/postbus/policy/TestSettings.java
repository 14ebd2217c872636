package dev.postbus.policy;

import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.invite.Invites;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.settings.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/** Settings for tests, with rooms for everything in one folder. */
public final class TestSettings {
  private TestSettings() {}

  /** Rules for accounts that let everybody have one. */
  private static PolicySettings.Accounts accounts(Path folder) {
    return accounts(folder, Registration.OPEN);
  }

  private static PolicySettings.Accounts accounts(Path folder, Registration registration) {
    return new PolicySettings.Accounts(
        9, 9, 9, 1000, 0, 0, registration, folder.resolve("invites"));
  }

  /** The invitations of a relay in a folder. */
  public static Invites invites(Path folder) {
    try {
      return Invites.in(
          folder.resolve("invites"),
          Clock.systemUTC(),
          address -> Accounts.isMade(folder, address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A small relay where not everybody may have an account. */
  public static PolicySettings with(Registration registration, Path folder) {
    return with(accounts(folder, registration), folder);
  }

  /** A small relay. */
  public static PolicySettings in(Path folder, int reinject) {
    return of("relay.test", folder, reinject);
  }

  /** The same under another domain. */
  public static PolicySettings of(String domain, Path folder, int reinject) {
    return of(domain, accounts(folder), folder, 0, reinject, 0, "", nowhere(folder));
  }

  /** The same with other rules for accounts. */
  public static PolicySettings with(PolicySettings.Accounts accounts, Path folder) {
    return of("relay.test", accounts, folder, 0, 1, 0, "", nowhere(folder));
  }

  /** The same with its filter of incoming mail on a port, and a resolver on another. */
  public static PolicySettings withIncoming(
      Path folder, int listen, int reinject, int resolverPort) {
    return of(
        "relay.test",
        accounts(folder),
        folder,
        listen,
        reinject,
        resolverPort,
        "",
        nowhere(folder));
  }

  /** A small relay with an iroh relay and a notification server. */
  public static PolicySettings in(
      Path folder, String irohRelay, PolicySettings.Notifications notifications) {
    return of("relay.test", accounts(folder), folder, 0, 1, 0, irohRelay, notifications);
  }

  private static PolicySettings.Notifications nowhere(Path folder) {
    return new PolicySettings.Notifications(
        folder.resolve("notifications"), URI.create("https://localhost:1/notify"), "");
  }

  private static PolicySettings of(
      String domain,
      PolicySettings.Accounts accounts,
      Path folder,
      int listen,
      int reinject,
      int resolverPort,
      String irohRelay,
      PolicySettings.Notifications notifications) {
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
        new PolicySettings.Metadata(
            folder.resolve("metadata"),
            irohRelay,
            "relay.test",
            folder.resolve("turn-secret"),
            folder.resolve("appversions.json")),
        notifications,
        new PolicySettings.Filter(0, reinject),
        new PolicySettings.Filter(listen, reinject),
        new PolicySettings.Expiry(20, 7, 90, 1_000_000, folder.resolve("expiry-due")),
        new PolicySettings.Dkim(true, resolverPort),
        new PolicySettings.Metrics("", 0, 0),
        0);
  }

  /** The same with other limits and ports. */
  public static PolicySettings with(
      PolicySettings settings,
      PolicySettings.Limits limits,
      PolicySettings.Filter outgoing,
      PolicySettings.Filter incoming,
      int controlPort) {
    return copy(
        settings, limits, outgoing, incoming, settings.dkim(), settings.metrics(), controlPort);
  }

  /** The same with metrics told, and others' asked for, elsewhere. */
  public static PolicySettings with(
      PolicySettings settings, PolicySettings.Metrics metrics, int controlPort) {
    return copy(
        settings,
        settings.limits(),
        settings.outgoing(),
        settings.incoming(),
        settings.dkim(),
        metrics,
        controlPort);
  }

  /** The same for a relay whose addresses have no domain. */
  public static PolicySettings withoutDkim(PolicySettings settings) {
    return copy(
        settings,
        settings.limits(),
        settings.outgoing(),
        settings.incoming(),
        new PolicySettings.Dkim(false, settings.dkim().resolverPort()),
        settings.metrics(),
        settings.controlPort());
  }

  private static PolicySettings copy(
      PolicySettings settings,
      PolicySettings.Limits limits,
      PolicySettings.Filter outgoing,
      PolicySettings.Filter incoming,
      PolicySettings.Dkim dkim,
      PolicySettings.Metrics metrics,
      int controlPort) {
    return new PolicySettings(
        settings.mailDomain(),
        settings.mailboxes(),
        settings.blockCreation(),
        settings.uid(),
        settings.gid(),
        settings.accounts(),
        limits,
        settings.sockets(),
        settings.metadata(),
        settings.notifications(),
        outgoing,
        incoming,
        settings.expiry(),
        dkim,
        metrics,
        controlPort);
  }
}
