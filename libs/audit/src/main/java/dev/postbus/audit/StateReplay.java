package dev.postbus.audit;

import dev.postbus.events.CertChanged;
import dev.postbus.events.Checkpoint;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.DeadLetter;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayActivity.DkimKeyChanged;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.RelayState;
import dev.postbus.events.RelayState.Certificate;
import dev.postbus.events.RelayState.Configuration;
import dev.postbus.events.RelayState.DkimKey;
import dev.postbus.events.Snapshot;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the relay's state at a moment from what happened until then, and from nothing else. It
 * keeps that state and no events; what cannot be read is passed over, as services do. It goes on
 * from what a snapshot says of what retention has removed.
 *
 * <p>No two topics tell of the same, so it does not matter that they come one after the other.
 */
public final class StateReplay {
  /** The topics that tell of the state. */
  public static final Set<Topic> TOPICS =
      EnumSet.of(Topic.CONFIG_CHANGED, Topic.CERT_CHANGED, Topic.RELAY_ACTIVITY);

  private final Instant until;
  private final Removed removed;
  private final SortedMap<String, ServiceReplay> services = new TreeMap<>();
  private @Nullable Configuration configuration;
  private @Nullable Certificate certificate;
  private @Nullable DkimKey dkimKey;

  /**
   * A new one, which knows of nothing.
   *
   * @param until what happened later is left out
   */
  public StateReplay(Instant until) {
    this.until = until;
    this.removed = new Removed();
  }

  /**
   * One that goes on from a snapshot.
   *
   * @param until what happened later is left out; not before what the snapshot stands for
   */
  StateReplay(Instant until, Snapshot base) {
    this.until = until;
    this.removed = new Removed(base);
    var state = base.state();
    configuration = state.configuration();
    certificate = state.certificate();
    dkimKey = state.dkimKey();
    state.services().forEach((name, service) -> services.put(name, new ServiceReplay(service)));
  }

  /**
   * The states at some moments, in one pass.
   *
   * @throws IOException if the log cannot be read, or begins later than one of the moments
   */
  public static List<RelayState> at(AuditLog log, List<Instant> moments) throws IOException {
    var bases = ReplayBases.of(log);
    var replays = new ArrayList<StateReplay>();
    for (var moment : moments) {
      replays.add(bases.replay(moment));
    }
    log.read(
        TOPICS,
        raw -> {
          try {
            var head = raw.head();
            bases.look(raw.topic(), head);
            var event = Optional.<RelayEvent>empty();
            for (var replay : replays) {
              if (replay.isAbout(raw, head)) {
                event = event.isPresent() ? event : raw.event(head);
                event.ifPresent(known -> replay.apply(head, known));
              }
            }
          } catch (UnreadableRecord passedOver) {
            // Whoever should have read it has made a dead letter of it.
            return;
          }
        });
    bases.check();
    var states = new ArrayList<RelayState>();
    replays.forEach(replay -> states.add(replay.state()));
    return states;
  }

  /**
   * When a version of the configuration was made.
   *
   * @return empty if the log has no such version
   * @throws IOException if the log cannot be read
   */
  public static Optional<Instant> timeOf(AuditLog log, long version) throws IOException {
    var found = new ArrayList<Instant>();
    log.read(
        EnumSet.of(Topic.CONFIG_CHANGED),
        raw -> {
          try {
            var head = raw.head();
            if (found.isEmpty()
                && raw.event(head).orElse(null) instanceof ConfigChanged event
                && event.version() == version) {
              found.add(head.time());
            }
          } catch (UnreadableRecord passedOver) {
            return;
          }
        });
    return found.stream().findFirst();
  }

  /**
   * Takes the next record.
   *
   * @throws UnreadableRecord if it cannot be read; it changes nothing
   */
  public void next(RawRecord raw) throws UnreadableRecord {
    var head = raw.head();
    if (isAbout(raw, head)) {
      raw.event(head).ifPresent(event -> apply(head, event));
    }
  }

  /** The state so far. */
  public RelayState state() {
    var states = new TreeMap<String, RelayState.Service>();
    services.forEach((name, service) -> states.put(name, service.state()));
    return new RelayState(configuration, certificate, dkimKey, states);
  }

  private boolean isAbout(RawRecord raw, RecordHead head) {
    return !head.time().isAfter(until) && !removed.holds(raw.topic(), head);
  }

  private void apply(RecordHead head, RelayEvent event) {
    switch (event) {
      case ConfigChanged e -> configChanged(head.time(), e);
      case CertChanged e -> certChanged(head.time(), e);
      case DkimKeyChanged e -> dkimKeyChanged(head.time(), e);
      case RelayActivity e ->
          services
              .computeIfAbsent(
                  head.source().replaceFirst("^urn:postbus:", ""), name -> new ServiceReplay())
              .apply(head.time(), e);
      case DeadLetter ignored -> {}
      case Checkpoint ignored -> {}
      case Snapshot ignored -> {}
    }
  }

  private void configChanged(Instant time, ConfigChanged e) {
    var before = configuration;
    // Of twins the first counts, as for consumers.
    if (before == null || e.version() > before.version()) {
      configuration =
          new Configuration(
              e.version(), time, e.actor(), e.reason(), e.iniDigest(), e.configuration());
    }
  }

  private void dkimKeyChanged(Instant time, DkimKeyChanged e) {
    // What waited in one writer's outbox may stand behind what another one wrote later.
    if (dkimKey == null || !time.isBefore(dkimKey.since())) {
      dkimKey = new DkimKey(e.domain(), e.selector(), e.txt(), e.fingerprint(), time);
    }
  }

  private void certChanged(Instant time, CertChanged e) {
    var before = certificate;
    if (before == null || e.generation() > before.generation()) {
      certificate =
          new Certificate(
              e.generation(),
              time,
              e.fingerprint(),
              e.names(),
              e.issuer(),
              e.notBefore(),
              e.notAfter(),
              e.mode(),
              e.reason());
    }
  }
}
