package dev.postbus.policy.metrics;

import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.smtp.FilterCounters;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the filters have done.
 *
 * @param outgoing the filter of own users' mail
 * @param incoming the filter of other servers'
 */
public record MailMetrics(
    Supplier<PolicySettings> settings, FilterCounters outgoing, FilterCounters incoming)
    implements MetricSource {
  private static final Labels OUTGOING = Labels.of("direction", "outgoing");
  private static final Labels INCOMING = Labels.of("direction", "incoming");

  @Override
  public void tell(Consumer<MetricSnapshot> page) {
    var verdicts =
        Family.counter("postbus_filtered_messages", "Messages by what a filter found them to be");
    Family.add(verdicts, OUTGOING, "verdict", outgoing.verdicts());
    Family.add(verdicts, INCOMING, "verdict", incoming.verdicts());
    page.accept(verdicts.build());
    var answers =
        Family.counter(
            "postbus_passed_messages", "Messages that passed a filter, by what Postfix made of it");
    Family.add(answers, OUTGOING, "answer", outgoing.answers());
    Family.add(answers, INCOMING, "answer", incoming.answers());
    page.accept(answers.build());
    page.accept(signed());
    page.accept(
        Family.counter(
            "postbus_dkim_verifications",
            "Messages of other servers by the worth of their DKIM signatures",
            "result",
            incoming.signatures()));
  }

  /** What Postfix takes on that port it has had signed; what cannot be signed it does not take. */
  private CounterSnapshot signed() {
    // A relay without a domain signs nothing and asks for no signature.
    var signs = settings.get().dkim().required();
    return Family.counter(
        "postbus_dkim_signed_messages",
        "Messages of own users that were signed and taken",
        signs ? outgoing.answers().of(FilterCounters.Answer.TAKEN) : 0);
  }
}
