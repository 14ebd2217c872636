package dev.postbus.web.timeline;

import dev.postbus.events.CertChanged;
import dev.postbus.events.Checkpoint;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.DeadLetter;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Snapshot;
import java.util.stream.Collectors;

/** An event in a line. */
public final class EventText {
  private static final int FEW = 5;
  private static final int SHORT_FINGERPRINT = 12;

  private EventText() {}

  /** What it says, without what every event has. */
  public static String of(RelayEvent event) {
    return switch (event) {
      case ConfigChanged e -> "version %d by %s: %s".formatted(e.version(), e.actor(), changes(e));
      case CertChanged e ->
          "generation %d for %s, %s, until %s"
              .formatted(
                  e.generation(),
                  String.join(", ", e.names()),
                  shortened(e.fingerprint()),
                  e.notAfter());
      case DeadLetter e -> "offset %d of %s: %s".formatted(e.offset(), e.fromTopic(), e.reason());
      case RelayActivity activity -> of(activity);
      case Checkpoint e -> e.service() + " vouches for what it has written";
      case Snapshot e ->
          "stands for %d records until %s, which were removed".formatted(e.removed(), e.until());
    };
  }

  /** Whether it tells of something that somebody should look at. */
  public static boolean bad(RelayEvent event) {
    return switch (event) {
      case DeadLetter ignored -> true;
      case RelayActivity.ConfigRejected ignored -> true;
      case RelayActivity.CertRejected ignored -> true;
      case RelayActivity.CertIssueFailed ignored -> true;
      case RelayActivity.CertExpiring ignored -> true;
      case RelayActivity.ProcessGaveUp ignored -> true;
      case RelayActivity.ProcessExited e -> !e.expected();
      default -> false;
    };
  }

  private static String changes(ConfigChanged event) {
    return event.changes().size() > FEW
        ? event.changes().size() + " keys"
        : event.changes().stream()
            .map(change -> change.key() + " = " + change.newValue())
            .collect(Collectors.joining(", "));
  }

  private static String of(RelayActivity event) {
    return switch (event) {
      case RelayActivity.ConfigApplied e ->
          "version %d after %d ms%s"
              .formatted(
                  e.version(),
                  e.afterMillis(),
                  e.daemons().stream()
                      .filter(daemon -> !daemon.action().equals("none"))
                      .map(daemon -> ", " + daemon.name() + " " + daemon.action())
                      .collect(Collectors.joining()));
      case RelayActivity.ConfigRejected e ->
          "version %d; %s says: %s".formatted(e.version(), e.daemon(), e.reason());
      case RelayActivity.CertApplied e ->
          "generation %d at %s, port %d, after %d ms"
              .formatted(e.generation(), e.listener(), e.port(), e.afterMillis());
      case RelayActivity.CertRejected e ->
          "generation %d: %s".formatted(e.generation(), e.reason());
      case RelayActivity.CertIssueFailed e -> String.join(", ", e.names()) + ": " + e.reason();
      case RelayActivity.CertExpiring e ->
          "generation %d ends at %s: %s".formatted(e.generation(), e.notAfter(), e.nextStep());
      case RelayActivity.CertOrderBegun e ->
          "%s from %s by %s: %s"
              .formatted(String.join(", ", e.names()), e.authority(), e.challenge(), e.reason());
      case RelayActivity.AcmeAccountRegistered e -> e.account();
      case RelayActivity.ProcessStarted e ->
          "%s, process %d, restart %d".formatted(e.process(), e.pid(), e.restarts());
      case RelayActivity.ProcessReady e ->
          "%s, process %d, after %d ms".formatted(e.process(), e.pid(), e.afterMillis());
      case RelayActivity.ProcessReloaded e ->
          "%s, process %d, after %d ms".formatted(e.process(), e.pid(), e.afterMillis());
      case RelayActivity.ProcessExited e ->
          "%s, process %d: %s%s"
              .formatted(e.process(), e.pid(), e.reason(), e.expected() ? "" : " (unexpected)");
      case RelayActivity.ProcessGaveUp e ->
          "%s after %d restarts: %s".formatted(e.process(), e.restarts(), e.reason());
      case RelayActivity.DkimKeyChanged e ->
          "%s._domainkey.%s %s".formatted(e.selector(), e.domain(), shortened(e.fingerprint()));
      // What says nothing to a reader of these pages.
      default -> "by " + event.service();
    };
  }

  private static String shortened(String fingerprint) {
    return fingerprint.substring(0, Math.min(SHORT_FINGERPRINT, fingerprint.length()));
  }
}
