package dev.postbus.policy.smtp;

import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.helper.Work;
import dev.postbus.policy.net.Deadlines;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** The two filters as listening servers; limits are asked for anew for each message. */
public final class Filters {
  // Each filter's, of the heap's 24 MB; what does not fit goes to disk.
  private static final long MOST_IN_MEMORY = 1024 * 1024;

  private Filters() {}

  /** Listens for mail of our own users. */
  public static Listener outgoing(
      Supplier<PolicySettings> settings, Work work, FilterCounters counters) throws IOException {
    var sendRate = new SendRate(System::nanoTime);
    var rules =
        new MailRules.Outgoing(
            sender -> {
              var limits = settings.get().limits();
              return sendRate.allows(sender, limits.sendPerMinute(), limits.sendBurst());
            },
            message -> work.judge(message, true));
    return listen("filter-outgoing", settings.get().outgoing(), rules, settings, counters);
  }

  /** Listens for mail from other servers. */
  public static Listener incoming(
      Supplier<PolicySettings> settings, Accounts accounts, Work work, FilterCounters counters)
      throws IOException {
    var rules =
        new MailRules.Incoming(
            accounts::acceptsCleartext,
            message -> work.judge(message, false),
            (message, authors) ->
                settings.get().dkim().required()
                    ? counters.counted(work.check(message, authors))
                    : Verdict.VALID);
    return listen("filter-incoming", settings.get().incoming(), rules, settings, counters);
  }

  private static Listener listen(
      String name,
      PolicySettings.Filter ports,
      MailRules rules,
      Supplier<PolicySettings> settings,
      FilterCounters counters)
      throws IOException {
    var deadlines = new Deadlines(Duration.ofSeconds(1));
    var limits = SessionLimits.USUAL;
    var folder = Path.of(System.getProperty("java.io.tmpdir"), name);
    var server =
        new FilterServer(
            rules,
            new NextHop(ports.reinject(), limits, deadlines),
            () -> settings.get().limits().maxMessageSize(),
            SpoolFolder.open(folder, MOST_IN_MEMORY),
            deadlines,
            limits,
            counters);
    return Listener.onLoopback(ports.listen(), name, server);
  }
}
