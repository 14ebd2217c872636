package dev.postbus.config;

import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayActivity.DaemonAction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer said to a version.
 *
 * @param service the consumer
 * @param version the version
 * @param applied whether it is in force there
 * @param afterMillis time since the version was made
 * @param daemons what was done to each daemon; empty if it was rejected
 * @param daemon which daemon refused it, if it was rejected
 * @param reason that daemon's own words
 * @param restoredVersion what is in force there again; null if nothing was before
 */
record Answer(
    String service,
    long version,
    boolean applied,
    long afterMillis,
    List<DaemonAction> daemons,
    @Nullable String daemon,
    @Nullable String reason,
    @Nullable Long restoredVersion) {
  /** Copies the list. */
  Answer {
    daemons = List.copyOf(daemons);
  }

  /** The answer in an event, if it is one. */
  static Optional<Answer> in(Object event) {
    return switch (event) {
      case RelayActivity.ConfigApplied applied ->
          Optional.of(
              new Answer(
                  applied.service(),
                  applied.version(),
                  true,
                  applied.afterMillis(),
                  applied.daemons(),
                  null,
                  null,
                  null));
      case RelayActivity.ConfigRejected rejected ->
          Optional.of(
              new Answer(
                  rejected.service(),
                  rejected.version(),
                  false,
                  rejected.afterMillis(),
                  List.of(),
                  rejected.daemon(),
                  rejected.reason(),
                  rejected.restoredVersion()));
      default -> Optional.empty();
    };
  }

  /** One of which nothing is known but that a version is in force. */
  static Answer remembered(String service, long version) {
    return new Answer(service, version, true, 0, List.of(), null, null, null);
  }

  /** A rejection in words. */
  String words() {
    return "version %d was rejected by %s, %s says: %s".formatted(version, service, daemon, reason);
  }
}
