package dev.postbus.cli;

import dev.postbus.deploy.local.StackPorts;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;

/** Waits on the bus for what the consumers say to a change. */
final class Answers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EventReader reader;
  private final BlockingQueue<Envelope<RelayEvent>> answers = new LinkedBlockingQueue<>();

  private Answers(String bootstrap, Map<Topic, Long> from) {
    reader = EventReader.start(bootstrap, Set.of(Topic.RELAY_ACTIVITY), from, answers::add);
  }

  /** Listens from now on, before the change is made; empty if the bus is away. */
  static Optional<Answers> listen(StackPorts ports) {
    var bootstrap = Containers.here().bus(ports);
    if (!Containers.here().busAnswers(ports)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Answers(bootstrap, EventReader.ends(bootstrap, Set.of(Topic.RELAY_ACTIVITY))));
    } catch (KafkaException away) {
      return Optional.empty();
    }
  }

  /**
   * Takes answers to an event until everybody expected has given one.
   *
   * @param expected names of those who must answer
   * @param who the name of who gave an answer, null for what is none; also says it to the operator
   * @return those who gave none in time
   */
  Set<String> await(
      String eventId, Set<String> expected, Function<RelayActivity, Optional<String>> who) {
    var missing = new HashSet<>(expected);
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!missing.isEmpty()) {
      try {
        var next = answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
          return missing;
        }
        if (eventId.equals(next.causationId()) && next.event() instanceof RelayActivity activity) {
          who.apply(activity).ifPresent(missing::remove);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return missing;
      }
    }
    return missing;
  }

  @Override
  public void close() {
    reader.close();
  }
}
