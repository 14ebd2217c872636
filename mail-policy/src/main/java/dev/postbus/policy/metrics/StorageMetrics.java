package dev.postbus.policy.metrics;

import dev.postbus.policy.expiry.StorageReport;
import dev.postbus.policy.expiry.StorageReports;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;

/**
 * What the mailboxes held when they were last counted; nothing before the first count.
 *
 * @param reports the counts
 */
public record StorageMetrics(StorageReports reports) implements MetricSource {

  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    reports.latest().ifPresent(report -> tell(report, page));
  }

  private static void tell(StorageReport report, Consumer<MetricSnapshot> page) {
    page.accept(
        Family.gauge(
            "postbus_storage_report_timestamp_seconds",
            "When the mailboxes were counted",
            report.time().toEpochMilli() / 1000.0));
    page.accept(Family.gauge("postbus_mailboxes", "Folders of mailboxes", report.mailboxes()));
    page.accept(
        Family.gauge("postbus_accounts", "Mailboxes with a password")
            .dataPoint(Family.level(Labels.of("kind", "ci"), report.ciAccounts()))
            .dataPoint(
                Family.level(Labels.of("kind", "other"), report.accounts() - report.ciAccounts()))
            .build());
    page.accept(
        Family.gauge(
            "postbus_blocked_accounts", "Mailboxes with an empty password", report.blocked()));
    page.accept(Family.gauge("postbus_stored_messages", "Mails", report.messages()));
    page.accept(
        Family.gauge("postbus_stored_bytes", "Size on disk")
            .dataPoint(Family.level(Labels.of("kind", "messages"), report.messageBytes()))
            .dataPoint(Family.level(Labels.of("kind", "other"), report.otherBytes()))
            .build());
    tellClasses(report, page);
    var active =
        Family.gauge("postbus_active_accounts", "Accounts that logged in within so many days");
    report
        .active()
        .forEach(a -> active.dataPoint(Family.level(label("days", a.days()), a.accounts())));
    page.accept(active.build());
  }

  private static void tellClasses(StorageReport report, Consumer<MetricSnapshot> page) {
    GaugeSnapshot.Builder messages =
        Family.gauge("postbus_stored_messages_by_size", "Mails of at least a size in bytes");
    GaugeSnapshot.Builder bytes =
        Family.gauge("postbus_stored_bytes_by_size", "Size on disk of mails of at least a size");
    for (var one : report.bySize()) {
      var atLeast = label("at_least", one.atLeast());
      messages.dataPoint(Family.level(atLeast, one.messages()));
      bytes.dataPoint(Family.level(atLeast, one.bytes()));
    }
    page.accept(messages.build());
    page.accept(bytes.build());
  }

  private static Labels label(String name, long value) {
    return Labels.of(name, Long.toString(value));
  }
}
