package dev.postbus.audit;

import dev.postbus.events.EventBus;
import dev.postbus.events.RawLog;
import dev.postbus.events.SnapshotSignature;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Removes old records, and puts a snapshot in their place before. Killed at any moment, it goes on
 * the next time: a snapshot that was made stands for the same records for ever, and what of them is
 * still there goes then.
 */
public final class Retention {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 200;

  private final EventBus bus;
  private final String bootstrap;
  private final String domain;
  private final Clock clock;
  private final Consumer<String> steps;

  /**
   * A new one.
   *
   * @param bus of the service that signs snapshots
   * @param bootstrap Kafka's bootstrap servers of the same bus, {@code host:port,…}
   * @param domain the relay's mail domain
   */
  public Retention(EventBus bus, String bootstrap, String domain, Clock clock) {
    this(bus, bootstrap, domain, clock, step -> {});
  }

  /** The same, telling each step before it is done. */
  Retention(EventBus bus, String bootstrap, String domain, Clock clock, Consumer<String> steps) {
    this.bus = bus;
    this.bootstrap = bootstrap;
    this.domain = domain;
    this.clock = clock;
    this.steps = steps;
  }

  /**
   * What would go now; changes nothing.
   *
   * @param domain whose records they are; null for those of whose configuration is the newest
   * @throws IOException if the bus does not answer
   */
  public static Removal plan(BusLog log, Keep keep, Clock clock, @Nullable String domain)
      throws IOException {
    return RemovalPlan.of(log, keep, clock.instant(), domain).removal();
  }

  /**
   * Removes what is not to be kept.
   *
   * @param accept whether to do so although the log is not as it was written
   * @return what was removed
   * @throws IOException if the bus does not answer, or the log is not as it was written
   */
  public Removal run(Keep keep, boolean accept) throws IOException {
    try {
      RemovalPlan plan;
      try (var log = BusLog.open(bootstrap)) {
        plan = RemovalPlan.of(log, keep, clock.instant(), domain);
      }
      var finding = plan.finding();
      if (finding != null && !accept) {
        throw new IOException(
            "nothing is removed, as the log is not as it was written, and what shows that might go. First: %s. See: ./postbus audit verify"
                .formatted(finding));
      }
      // What another key's snapshot stands for goes only when this one says the same.
      if (plan.needsSnapshot() || (plan.isUnfinished() && !isOwn(plan))) {
        steps.accept("snapshot");
        var published = bus.publishSnapshot(plan.snapshot(bus.service()));
        steps.accept("sent");
        await(published.id());
        remove(plan, plan.cuts());
      } else if (plan.isUnfinished()) {
        remove(plan, plan.left());
      }
      return plan.removal();
    } catch (KafkaException e) {
      throw new IOException(
          "the bus at %s does not answer any more (%s); what is not done yet is done the next time"
              .formatted(bootstrap, e.getMessage()),
          e);
    }
  }

  /** Whether the newest snapshot was made here, so that what it says may be acted upon. */
  private boolean isOwn(RemovalPlan plan) throws IOException {
    var newest = plan.newest();
    var head = plan.newestHead();
    return newest != null
        && head != null
        && head.source().equals(bus.source().toString())
        && newest.publicKey().equals(bus.publicKey());
  }

  private void remove(RemovalPlan plan, Map<Topic, Long> to) {
    to.forEach(
        (topic, offset) -> {
          if (offset > plan.begin(topic)) {
            steps.accept("remove " + topic.kafkaName());
            RawLog.removeBefore(bootstrap, Map.of(topic, offset));
          }
        });
    steps.accept("removed");
  }

  /** Waits until a snapshot is on the log, and a checkpoint vouches for it. */
  private void await(String id) throws IOException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!isVouchedFor(id)) {
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "the snapshot did not reach the bus within %d s; nothing was removed, and it is tried again the next time"
                  .formatted(PATIENCE.toSeconds()));
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private boolean isVouchedFor(String id) throws IOException {
    if (!bus.allSent()) {
      return false;
    }
    var sequence = new long[1];
    var vouched = new boolean[1];
    try (var log = BusLog.open(bootstrap, lastCheckpoints())) {
      log.read(
          EnumSet.of(Topic.SNAPSHOT),
          raw -> {
            var head = RemovalPlan.headOf(raw);
            if (head != null && head.id().equals(id) && SnapshotSignature.read(raw).isPresent()) {
              sequence[0] = head.sequence();
            }
          });
      log.read(
          EnumSet.of(Topic.CHECKPOINT),
          raw -> {
            var head = RemovalPlan.headOf(raw);
            if (head != null && head.source().equals(bus.source().toString())) {
              vouched[0] |= Verification.vouchesFor(raw, head, Topic.SNAPSHOT, sequence[0]);
            }
          });
    }
    return sequence[0] > 0 && vouched[0];
  }

  /** Writers make one a thousand records, so that the one that matters is among the newest. */
  private Map<Topic, Long> lastCheckpoints() {
    try (var log = RawLog.open(bootstrap)) {
      var from = new EnumMap<Topic, Long>(Topic.class);
      var range = log.ranges().get(Topic.CHECKPOINT);
      if (range != null) {
        from.put(Topic.CHECKPOINT, Math.max(range.from(), range.to() - 100));
      }
      return from;
    }
  }
}
