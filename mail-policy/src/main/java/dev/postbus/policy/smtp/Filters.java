package dev.postbus.policy.smtp;

import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.dkim.Resolver;
import dev.postbus.policy.dkim.SignatureCheck;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.util.function.Supplier;

/** The two filters as listening servers; limits are asked for anew for each message. */
public final class Filters {
  private Filters() {}

  /** Listens for mail of our own users. */
  public static Listener outgoing(Supplier<PolicySettings> settings) throws IOException {
    var sendRate = new SendRate(System::nanoTime);
    var rules =
        new MailRules.Outgoing(
            sender -> {
              var limits = settings.get().limits();
              return sendRate.allows(sender, limits.sendPerMinute(), limits.sendBurst());
            });
    return listen("filter-outgoing", settings.get().outgoing(), rules, settings);
  }

  /** Listens for mail from other servers. */
  public static Listener incoming(Supplier<PolicySettings> settings, Accounts accounts)
      throws IOException {
    var check = new SignatureCheck(new Resolver(settings.get().dkim().resolverPort()));
    var rules =
        new MailRules.Incoming(
            accounts::acceptsCleartext,
            (message, authors) ->
                settings.get().dkim().required() ? check.check(message, authors) : Verdict.VALID);
    return listen("filter-incoming", settings.get().incoming(), rules, settings);
  }

  private static Listener listen(
      String name, PolicySettings.Filter ports, MailRules rules, Supplier<PolicySettings> settings)
      throws IOException {
    var nextHop = new NextHop(ports.reinject());
    return Listener.onLoopback(
        ports.listen(),
        name,
        connection ->
            FilterSession.serve(
                connection, rules, nextHop, () -> settings.get().limits().maxMessageSize()));
  }
}
