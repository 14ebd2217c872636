package dev.postbus.policy.metrics;

import dev.postbus.policy.settings.PolicySettings;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Dovecot counts by itself, fetched from its own exporter and told under names like all
 * others. Only what is known by name is taken over, so nothing of a client's can come along.
 */
public final class DovecotMetrics implements MetricSource {
  private static final Fetched EXPORTER =
      new Fetched("/metrics", "postbus_dovecot_up", "Whether Dovecot tells its metrics");
  private static final int MOST_COMMANDS = 100;
  private static final Pattern COMMAND =
      Pattern.compile(
          "dovecot_imap_command_(bucket|sum|count)\\{cmd_name=\"([A-Z0-9 -]{1,32}|unknown)\""
              + "(?:,le=\"([0-9.]{1,20}|\\+Inf)\")?\\} ([0-9.]{1,25})");
  private static final Pattern TOTAL =
      Pattern.compile(
          "dovecot_(delivery|delivery_failure|login|login_failure)_total ([0-9.]{1,25})");

  private final Supplier<PolicySettings> settings;

  /** Asks the port that the settings name, each time. */
  public DovecotMetrics(Supplier<PolicySettings> settings) {
    this.settings = settings;
  }

  /** The durations of one command. */
  private static final class Durations {
    private final Map<Double, Long> upTo = new TreeMap<>();
    private double sum;

    private HistogramDataPointSnapshot told(String command) {
      var buckets = ClassicHistogramBuckets.builder();
      var below = 0L;
      for (var bucket : upTo.entrySet()) {
        buckets.bucket(bucket.getKey(), Math.max(0, bucket.getValue() - below));
        below = bucket.getValue();
      }
      return HistogramDataPointSnapshot.builder()
          .labels(Labels.of("command", command))
          .classicHistogramBuckets(buckets.build())
          .sum(sum)
          .build();
    }
  }

  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    EXPORTER.tell(settings.get().metrics().dovecotPort(), DovecotMetrics::translate, page);
  }

  private static void translate(String text, Consumer<MetricSnapshot> page) {
    var commands = new TreeMap<String, Durations>();
    var totals = new HashMap<String, Double>();
    for (var line : (Iterable<String>) text.lines()::iterator) {
      var command = COMMAND.matcher(line);
      var total = TOTAL.matcher(line);
      if (command.matches()) {
        add(command, commands);
      } else if (total.matches()) {
        totals.put(total.group(1), Double.parseDouble(total.group(2)));
      }
    }
    var durations =
        HistogramSnapshot.builder()
            .name("postbus_imap_command_duration_seconds")
            .help("IMAP commands from their end to the end of the answer; IDLE lasts as it does");
    commands.forEach((name, one) -> durations.dataPoint(one.told(name)));
    page.accept(durations.build());
    page.accept(
        Family.counter(
            "postbus_delivered_messages",
            "Deliveries into mailboxes, one for each recipient",
            value(totals, "delivery") - value(totals, "delivery_failure")));
    page.accept(
        Family.counter(
            "postbus_failed_deliveries",
            "Deliveries that Dovecot put off or refused",
            value(totals, "delivery_failure")));
    page.accept(
        Family.counter("postbus_logins", "Logins, for IMAP and to send")
            .dataPoint(Family.count(Labels.of("result", "success"), value(totals, "login")))
            .dataPoint(Family.count(Labels.of("result", "failure"), value(totals, "login_failure")))
            .build());
  }

  private static void add(Matcher sample, Map<String, Durations> commands) {
    var name = sample.group(2);
    if (!commands.containsKey(name) && commands.size() >= MOST_COMMANDS) {
      return;
    }
    var durations = commands.computeIfAbsent(name, n -> new Durations());
    var value = Double.parseDouble(sample.group(4));
    @Nullable String bound = sample.group(3);
    if (sample.group(1).equals("sum")) {
      durations.sum = value;
    } else if (bound != null) {
      durations.upTo.put(
          bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
          (long) value);
    }
  }

  private static double value(Map<String, Double> totals, String name) {
    return totals.getOrDefault(name, 0.0);
  }
}
