package dev.postbus.policy.metrics;

import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.expiry.ExpiryCounters;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.push.Notifier;
import dev.postbus.policy.push.PushOutcome;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/**
 * What happens to accounts: how they come, what is removed of them, and how devices are woken up.
 *
 * @param accounts how many came
 * @param expiry runs over all
 * @param warnings runs over one that fills up
 * @param notifier what waits
 * @param push what became of it
 */
public record AccountMetrics(
    AccountCounters accounts,
    ExpiryCounters expiry,
    QuotaWarnings warnings,
    Notifier notifier,
    EnumCounter<PushOutcome> push)
    implements MetricSource {

  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    page.accept(
        Family.counter("postbus_new_accounts", "Accounts made", "kind", accounts.created()));
    page.accept(
        Family.counter(
            "postbus_refused_registrations",
            "First logins that made no account",
            "reason",
            accounts.refused()));
    tellExpiry(page);
    page.accept(Family.counter("postbus_push", "Attempts to wake up a device", "outcome", push));
    page.accept(
        Family.gauge(
            "postbus_push_waiting",
            "Devices to be woken up, with those tried again",
            notifier.size()));
    page.accept(
        Family.gauge(
            "postbus_push_failing", "Devices that wait because of a failure", notifier.failing()));
  }

  private void tellExpiry(Consumer<MetricSnapshot> page) {
    page.accept(
        Family.counter(
            "postbus_expiry_runs", "Expiry runs over all mailboxes", "result", expiry.runs()));
    page.accept(
        Family.counter(
            "postbus_expiry_removed",
            "Mails removed by them; mailboxes for the reasons inactive and empty",
            "reason",
            expiry.removed()));
    page.accept(
        Family.counter(
            "postbus_expiry_removed_bytes", "Bytes on disk", "reason", expiry.removedBytes()));
    var quota = warnings.counters();
    page.accept(
        Family.counter(
            "postbus_quota_expiry_runs",
            "Expiry runs over one mailbox that fills up",
            quota.runs()));
    page.accept(
        Family.counter("postbus_quota_expiry_removed", "Mails removed by them", quota.mails()));
    page.accept(
        Family.counter("postbus_quota_expiry_removed_bytes", "Bytes on disk", quota.bytes()));
  }
}
