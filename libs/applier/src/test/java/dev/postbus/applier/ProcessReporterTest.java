package dev.postbus.applier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.events.EventBus;
import dev.postbus.events.EventPublisher;
import dev.postbus.events.RelayEvent;
import dev.postbus.supervision.ProcessState;
import dev.postbus.supervision.ProcessState.BackingOff;
import dev.postbus.supervision.ProcessState.Ready;
import dev.postbus.supervision.ProcessState.Reloading;
import dev.postbus.supervision.ProcessState.Starting;
import dev.postbus.supervision.ProcessState.Stopped;
import dev.postbus.supervision.ProcessState.Stopping;
import dev.postbus.supervision.ProcessStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProcessReporterTest {
  private final List<String> said = new ArrayList<>();

  /** Writes down what is published. */
  private final class Recorder implements EventPublisher {
    @Override
    public String service() {
      return "mail-supervisor";
    }

    @Override
    public EventBus.Published publish(RelayEvent event, @Nullable String causationId) {
      said.add(event.type().replaceAll("dev\\.postbus\\.process-|\\.v1", "") + " " + causationId);
      return new EventBus.Published("id", Instant.EPOCH);
    }
  }

  @Test
  void whatAChangeAsksForAnswersItUntilTheProcessIsReady() {
    try (var reporter = new ProcessReporter(new Recorder())) {
      reporter.askedBy("change");
      goes(reporter, "dovecot", new Ready(1), new Reloading(1));
      goes(reporter, "postfix", new Ready(2), new Stopping(2), new Stopped(), new Starting(3));
      // The change is done as soon as they serve, before that is reported
      reporter.askedBy(null);
      goes(reporter, "dovecot", new Reloading(1), new Ready(1));
      goes(reporter, "postfix", new Starting(3), new Ready(3));
      goes(reporter, "dovecot", new Ready(1), new Reloading(1), new Ready(1));
    }

    assertThat(said)
        .containsExactly(
            "exited change", "started change", "reloaded change", "ready change", "reloaded null");
  }

  @Test
  void whatHappensByItselfMeanwhileAnswersNothing() {
    try (var reporter = new ProcessReporter(new Recorder())) {
      reporter.askedBy("change");
      goes(reporter, "dovecot", new Ready(1), new Reloading(1));
      goes(
          reporter,
          "dovecot",
          new Reloading(1),
          new BackingOff(Instant.EPOCH),
          new Starting(2),
          new Ready(2));
    }

    assertThat(said).containsExactly("exited null", "started null", "ready null");
  }

  private static void goes(ProcessReporter reporter, String name, ProcessState... states) {
    for (int i = 1; i < states.length; i++) {
      reporter.transition(status(name, states[i - 1]), status(name, states[i]));
    }
  }

  private static ProcessStatus status(String name, ProcessState state) {
    return new ProcessStatus(name, state, Instant.EPOCH, 0, null);
  }
}
