package dev.postbus.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Follows configuration and certificates for a service that applies them.
 *
 * <p>What was applied last is kept in a file, so that a service can start its daemons from it
 * without the bus. While it is behind, only the newest change of each kind is handed on. A change
 * that was handed on when the process was killed is handed on again; one that was dealt with is
 * not. At a start, a certificate that was handed on and never remembered as applied is handed on
 * again, and so is a configuration if none was ever applied.
 */
public final class RelayFollower implements AutoCloseable {
  private static final List<Topic> TOPICS = List.of(Topic.CONFIG_CHANGED, Topic.CERT_CHANGED);
  private static final int DEAD_LETTER_BYTES = 8 * 1024;

  private final EventBus bus;
  private final Path file;
  private final ChangeHandler handler;
  private final Map<Topic, Long> offsets = new EnumMap<>(Topic.class);
  private @Nullable Envelope<ConfigChanged> config;
  private @Nullable Envelope<CertChanged> cert;
  private @Nullable Envelope<ConfigChanged> newestConfig;
  private @Nullable Envelope<CertChanged> newestCert;
  private @Nullable Envelope<ConfigChanged> offeredConfig;
  private @Nullable Envelope<CertChanged> offeredCert;
  private volatile boolean behind = true;
  private @Nullable EventReader reader;

  private record State(
      @Nullable Envelope<ConfigChanged> config,
      @Nullable Envelope<CertChanged> cert,
      @Nullable Envelope<ConfigChanged> offeredConfig,
      @Nullable Envelope<CertChanged> offeredCert,
      Map<Topic, Long> offsets) {}

  /**
   * Loads what was applied last.
   *
   * @param file kept between starts; its folder must exist
   * @param handler called on one thread of its own
   * @throws UncheckedIOException if the file is there and cannot be read
   */
  public RelayFollower(EventBus bus, Path file, ChangeHandler handler) {
    this.bus = bus;
    this.file = file;
    this.handler = handler;
    if (Files.exists(file)) {
      try {
        var state = EventCodec.JSON.readValue(file.toFile(), State.class);
        config = state.config();
        cert = state.cert();
        newestConfig = config == null ? state.offeredConfig() : null;
        newestCert = isNewer(state.offeredCert()) ? state.offeredCert() : null;
        offeredConfig = newestConfig;
        offeredCert = newestCert;
        offsets.putAll(state.offsets());
        remember(state.config());
        remember(state.cert());
        remember(newestConfig);
        remember(newestCert);
      } catch (IOException e) {
        throw new UncheckedIOException(
            file + " is damaged; without it, everything is applied anew: remove it", e);
      }
    }
  }

  private void remember(@Nullable Envelope<?> handledBefore) {
    if (handledBefore != null) {
      bus.remember(handledBefore.id(), handledBefore.trace());
    }
  }

  private boolean isNewer(@Nullable Envelope<CertChanged> other) {
    var applied = cert;
    return other != null
        && (applied == null || other.event().generation() > applied.event().generation());
  }

  /** Begins to follow the bus. */
  public synchronized void start() {
    reader =
        bus.read(
            TOPICS,
            offsets,
            new EventHandler() {
              @Override
              public void event(Envelope<RelayEvent> envelope) {
                take(envelope);
              }

              @Override
              public void unreadable(
                  ConsumerRecord<String, byte[]> kafka, UnreadableRecord reason) {
                takeUnreadable(kafka, reason);
              }

              @Override
              public void caughtUp() {
                deliverNewest();
              }
            });
  }

  /** The configuration that was applied last. */
  public synchronized Optional<Envelope<ConfigChanged>> appliedConfig() {
    return Optional.ofNullable(config);
  }

  /** The certificate that was applied last. */
  public synchronized Optional<Envelope<CertChanged>> appliedCert() {
    return Optional.ofNullable(cert);
  }

  /** Remembers a configuration as the one in force. */
  public synchronized void configApplied(Envelope<ConfigChanged> change) {
    config = change;
    offeredConfig = null;
    save();
  }

  /** Remembers a certificate as the one in force. */
  public synchronized void certApplied(Envelope<CertChanged> change) {
    cert = change;
    offeredCert = isNewer(offeredCert) ? offeredCert : null;
    save();
  }

  /** Whether all that was on the bus at the start has been dealt with. */
  public boolean caughtUp() {
    return !behind;
  }

  @Override
  public void close() {
    EventReader current;
    synchronized (this) {
      current = reader;
    }
    if (current != null) {
      current.close();
    }
  }

  private void take(Envelope<RelayEvent> envelope) {
    switch (envelope.event()) {
      case ConfigChanged event -> {
        var applied = config;
        if (applied == null || event.version() > applied.event().version()) {
          newestConfig = envelope.withEvent(event);
        }
      }
      case CertChanged event -> {
        var applied = cert;
        if (applied == null || event.generation() > applied.event().generation()) {
          newestCert = envelope.withEvent(event);
        }
      }
      case RelayActivity ignored -> {}
      case DeadLetter ignored -> {}
      case Checkpoint ignored -> {}
      case Snapshot ignored -> {}
    }
    if (behind) {
      offsets.put(envelope.event().topic(), envelope.offset() + 1);
    } else {
      deliverNewest();
      passed(envelope.event().topic(), envelope.offset());
    }
  }

  private void deliverNewest() {
    var nextConfig = newestConfig;
    var nextCert = newestCert;
    newestConfig = null;
    newestCert = null;
    synchronized (this) {
      offeredConfig = nextConfig != null && config == null ? nextConfig : offeredConfig;
      offeredCert = nextCert != null ? nextCert : offeredCert;
    }
    if (nextConfig != null) {
      handler.configChanged(nextConfig);
    }
    if (nextCert != null) {
      handler.certChanged(nextCert);
    }
    if (behind) {
      synchronized (this) {
        save();
      }
      behind = false;
    }
  }

  private void takeUnreadable(ConsumerRecord<String, byte[]> kafka, UnreadableRecord reason) {
    var topic = Topic.ofKafkaName(kafka.topic());
    if (!reason.unknownType()) {
      var value = kafka.value() == null ? new byte[0] : kafka.value();
      var start = Arrays.copyOf(value, Math.min(value.length, DEAD_LETTER_BYTES));
      var letter =
          new DeadLetter(
              bus.service(),
              kafka.topic(),
              kafka.offset(),
              String.valueOf(reason.getMessage()),
              Base64.getEncoder().encodeToString(start));
      var id = "%s-%s-%d".formatted(bus.service(), kafka.topic(), kafka.offset());
      bus.publish(letter, null, id, bus.now());
    }
    passed(topic, kafka.offset());
  }

  private synchronized void passed(Topic topic, long offset) {
    offsets.put(topic, offset + 1);
    save();
  }

  private void save() {
    try {
      DurableFile.write(
          file,
          EventCodec.JSON.writeValueAsBytes(
              new State(config, cert, offeredConfig, offeredCert, offsets)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remember what was applied in " + file, e);
    }
  }
}
