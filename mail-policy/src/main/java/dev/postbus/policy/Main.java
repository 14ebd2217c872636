package dev.postbus.policy;

import dev.postbus.policy.account.AccountRegister;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.admin.AdminInterface;
import dev.postbus.policy.dict.AccountDict;
import dev.postbus.policy.dict.DictSession;
import dev.postbus.policy.dict.LastLoginDict;
import dev.postbus.policy.expiry.DailyExpiry;
import dev.postbus.policy.expiry.Expiry;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.expiry.StorageReports;
import dev.postbus.policy.metadata.DeviceTokens;
import dev.postbus.policy.metadata.MetadataDict;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.push.Notifier;
import dev.postbus.policy.settings.BadSettings;
import dev.postbus.policy.smtp.Filters;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/** Starts the process: {@code Main SETTINGS-FILE}. */
public final class Main {
  private Main() {}

  /**
   * Serves until the process is asked to end.
   *
   * @param args the settings file
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1) {
      System.err.println("usage: mail-policy SETTINGS-FILE");
      System.exit(2);
    }
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %3$s: %5$s%6$s%n");
    try {
      start(Path.of(args[0]));
    } catch (BadSettings | IOException e) {
      System.err.println("mail-policy cannot start: " + e.getMessage());
      System.exit(2);
    }
    new CountDownLatch(1).await();
  }

  private static void start(Path file) throws BadSettings, IOException {
    var settings = new LiveSettings(file);
    var accounts = new Accounts(settings, Clock.systemUTC());
    var sockets = settings.get().sockets();
    var accountDict = new AccountDict(accounts, settings);
    var lastLogin = new LastLoginDict(accounts);
    Listener.onSocket(sockets.doveauth(), "dict", c -> DictSession.serve(c, accountDict));
    Listener.onSocket(sockets.lastlogin(), "lastlogin", c -> DictSession.serve(c, lastLogin));
    listenForMetadata(settings, accounts);
    Filters.outgoing(settings);
    Filters.incoming(settings, accounts);
    var expiry = new Expiry(settings, Clock.systemUTC());
    var warnings = new QuotaWarnings(accounts, expiry);
    Listener.onSocket(sockets.quotaWarning(), "quota-warning", warnings::serve);
    var daily = new DailyExpiry(expiry, settings, Clock.systemUTC(), new SecureRandom());
    daily.start();
    var admin =
        new AdminInterface(
            new AccountRegister(settings, accounts),
            expiry,
            daily,
            warnings,
            new StorageReports(settings, Clock.systemUTC()));
    // Last, so that an answer there means that all the rest listens.
    new Control(settings.get().controlPort(), settings, admin.handlers());
    System.out.println("mail-policy ready");
  }

  private static void listenForMetadata(LiveSettings settings, Accounts accounts)
      throws IOException {
    var clock = Clock.systemUTC();
    var tokens = new DeviceTokens(accounts, clock);
    var notifier = Notifier.start(() -> settings.get().notifications(), tokens::remove, clock);
    var dict = new MetadataDict(tokens, notifier, settings, clock);
    var socket = settings.get().metadata().socket();
    Listener.onSocket(socket, "metadata", c -> DictSession.serve(c, dict));
  }
}
