package dev.postbus.policy;

import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.AccountRegister;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.admin.AdminInterface;
import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.dict.AccountDict;
import dev.postbus.policy.dict.DictSession;
import dev.postbus.policy.dict.LastLoginDict;
import dev.postbus.policy.expiry.DailyExpiry;
import dev.postbus.policy.expiry.Expiry;
import dev.postbus.policy.expiry.ExpiryCounters;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.expiry.StorageReports;
import dev.postbus.policy.metadata.DeviceTokens;
import dev.postbus.policy.metadata.MetadataDict;
import dev.postbus.policy.metrics.AccountMetrics;
import dev.postbus.policy.metrics.DovecotMetrics;
import dev.postbus.policy.metrics.MailMetrics;
import dev.postbus.policy.metrics.MetricsListener;
import dev.postbus.policy.metrics.MetricsPage;
import dev.postbus.policy.metrics.ProcessMetrics;
import dev.postbus.policy.metrics.StorageMetrics;
import dev.postbus.policy.metrics.SupervisorMetrics;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.push.Notifier;
import dev.postbus.policy.push.PushOutcome;
import dev.postbus.policy.settings.BadSettings;
import dev.postbus.policy.smtp.FilterCounters;
import dev.postbus.policy.smtp.Filters;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
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
    // A client of the HTTP ports that does not say what it wants must not be waited for for ever;
    // the longest answer may take two minutes.
    System.setProperty("sun.net.httpserver.maxReqTime", "300");
    System.setProperty("jdk.httpserver.maxConnections", "100");
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
    var clock = Clock.systemUTC();
    var accountCounters = new AccountCounters();
    var accounts = new Accounts(settings, clock, accountCounters);
    var sockets = settings.get().sockets();
    var accountDict = new AccountDict(accounts, settings);
    var lastLogin = new LastLoginDict(accounts);
    Listener.onSocket(sockets.doveauth(), "dict", c -> DictSession.serve(c, accountDict));
    Listener.onSocket(sockets.lastlogin(), "lastlogin", c -> DictSession.serve(c, lastLogin));
    var push = new EnumCounter<>(PushOutcome.class);
    var tokens = new DeviceTokens(accounts, clock);
    var notifier =
        Notifier.start(() -> settings.get().notifications(), tokens::remove, clock, push);
    var metadata = new MetadataDict(tokens, notifier, settings, clock);
    var metadataSocket = settings.get().metadata().socket();
    Listener.onSocket(metadataSocket, "metadata", c -> DictSession.serve(c, metadata));
    var outgoing = new FilterCounters();
    var incoming = new FilterCounters();
    Filters.outgoing(settings, outgoing);
    Filters.incoming(settings, accounts, incoming);
    var expiryCounters = new ExpiryCounters();
    var expiry = new Expiry(settings, clock, expiryCounters);
    var warnings = new QuotaWarnings(accounts, expiry);
    Listener.onSocket(sockets.quotaWarning(), "quota-warning", warnings::serve);
    var reports = new StorageReports(settings, clock);
    var daily = new DailyExpiry(expiry, reports, settings, clock, new SecureRandom());
    daily.start();
    var admin =
        new AdminInterface(
            new AccountRegister(settings, accounts), expiry, daily, warnings, reports);
    var page =
        new MetricsPage(
            List.of(
                new MailMetrics(settings, outgoing, incoming),
                new AccountMetrics(accountCounters, expiryCounters, warnings, notifier, push),
                new StorageMetrics(reports),
                new DovecotMetrics(settings),
                new SupervisorMetrics(settings),
                new ProcessMetrics()));
    var metrics = new MetricsListener(settings, page);
    metrics.follow();
    var handlers = new HashMap<>(admin.handlers());
    handlers.put(MetricsPage.PATH, page);
    // Last, so that an answer there means that all the rest listens.
    new Control(settings.get().controlPort(), settings, metrics::follow, handlers);
    System.out.println("mail-policy ready");
  }
}
