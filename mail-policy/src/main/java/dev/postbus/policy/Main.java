package dev.postbus.policy;

import com.sun.net.httpserver.HttpHandler;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.AccountRegister;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.admin.AdminInterface;
import dev.postbus.policy.admin.HelperPage;
import dev.postbus.policy.admin.InviteInterface;
import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.dict.AccountDict;
import dev.postbus.policy.dict.DictSession;
import dev.postbus.policy.dict.LastLoginDict;
import dev.postbus.policy.dkim.Resolver;
import dev.postbus.policy.expiry.DailyExpiry;
import dev.postbus.policy.expiry.Expiry;
import dev.postbus.policy.expiry.ExpiryCounters;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.expiry.StorageReports;
import dev.postbus.policy.helper.Helpers;
import dev.postbus.policy.helper.OwnWork;
import dev.postbus.policy.helper.SharedWork;
import dev.postbus.policy.helper.Work;
import dev.postbus.policy.invite.Invites;
import dev.postbus.policy.metadata.DeviceTokens;
import dev.postbus.policy.metadata.MetadataDict;
import dev.postbus.policy.metrics.AccountMetrics;
import dev.postbus.policy.metrics.DovecotMetrics;
import dev.postbus.policy.metrics.HelperMetrics;
import dev.postbus.policy.metrics.MailMetrics;
import dev.postbus.policy.metrics.MetricSource;
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
import java.security.Security;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Starts the process: {@code Main SETTINGS-FILE [HELPERS]}. */
public final class Main {
  private Main() {}

  /**
   * Serves until the process is asked to end.
   *
   * @param args the settings file, and as HOST:PORT where helpers are, if there are any
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length < 1 || args.length > 2) {
      System.err.println("usage: mail-policy SETTINGS-FILE [HOST:PORT]");
      System.exit(2);
    }
    prepareLogging();
    // A client of the HTTP ports that does not say what it wants must not be waited for for ever;
    // the longest answer may take two minutes.
    System.setProperty("sun.net.httpserver.maxReqTime", "300");
    System.setProperty("jdk.httpserver.maxConnections", "100");
    try {
      start(Path.of(args[0]), args.length == 2 ? args[1] : "");
    } catch (BadSettings | IOException | IllegalArgumentException e) {
      System.err.println("mail-policy cannot start: " + e.getMessage());
      System.exit(2);
    }
    new CountDownLatch(1).await();
  }

  static void prepareLogging() {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %3$s: %5$s%6$s%n");
  }

  private static void start(Path file, String where) throws BadSettings, IOException {
    var settings = new LiveSettings(file);
    var clock = Clock.systemUTC();
    var sources = new ArrayList<MetricSource>();
    var handlers = new HashMap<String, HttpHandler>();
    var work = work(settings, where, sources, handlers);
    var accountCounters = new AccountCounters();
    var invites =
        Invites.in(
            settings.get().accounts().invites(),
            clock,
            address -> Accounts.isMade(settings.get().mailboxes(), address));
    var accounts = new Accounts(settings, invites, clock, accountCounters, work);
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
    Filters.outgoing(settings, work, outgoing);
    Filters.incoming(settings, accounts, work, incoming);
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
    sources.addAll(
        List.of(
            new MailMetrics(settings, outgoing, incoming),
            new AccountMetrics(accountCounters, expiryCounters, warnings, notifier, push),
            new StorageMetrics(reports),
            new DovecotMetrics(settings),
            new SupervisorMetrics(settings),
            new ProcessMetrics()));
    var page = new MetricsPage(sources);
    var metrics = new MetricsListener(settings, page);
    metrics.follow();
    handlers.putAll(admin.handlers());
    handlers.putAll(new InviteInterface(invites, accounts).handlers());
    handlers.put(MetricsPage.PATH, page);
    // Last, so that an answer there means that all the rest listens.
    new Control(settings.get().controlPort(), settings, metrics::follow, handlers);
    System.out.println("mail-policy ready");
  }

  /** What helpers can do, they do, if there may be any. */
  private static Work work(
      LiveSettings settings,
      String where,
      List<MetricSource> sources,
      Map<String, HttpHandler> handlers) {
    var keys = new Resolver(settings.get().dkim().resolverPort());
    if (where.isEmpty()) {
      return new OwnWork(keys);
    }
    // They come and go: a name's addresses are asked for anew each time.
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    var helpers = Helpers.at(where);
    var work = new SharedWork(helpers, keys);
    sources.add(new HelperMetrics(helpers, work));
    handlers.put(HelperPage.PATH, new HelperPage(helpers));
    return work;
  }
}
