package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.postbus.events.CertChanged;
import dev.postbus.events.Checkpoint;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.DeadLetter;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Snapshot;
import java.util.stream.Collectors;

/** Events for the eye and for other programs. */
final class EventJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private EventJson() {}

  static JsonNode data(RelayEvent event) {
    return JSON.valueToTree(event);
  }

  static String summary(RelayEvent event) {
    return switch (event) {
      case ConfigChanged e ->
          "version %d by %s: %s"
              .formatted(
                  e.version(),
                  e.actor(),
                  e.changes().size() > 5
                      ? e.changes().size() + " keys"
                      : e.changes().stream()
                          .map(c -> c.key() + "=" + c.newValue())
                          .collect(Collectors.joining(", ")));
      case CertChanged e ->
          "generation %d %s %s until %s, %s"
              .formatted(
                  e.generation(),
                  data(e).path("mode").asText(),
                  data(e).path("reason").asText(),
                  e.notAfter(),
                  e.fingerprint().substring(0, 12));
      case Checkpoint e ->
          e.heads().stream()
              .map(head -> head.topic() + " up to " + head.sequence())
              .collect(Collectors.joining(", "));
      case Snapshot e ->
          "stands for %d records until %s, which were removed (%s are kept)"
              .formatted(e.removed(), e.until(), e.keep());
      case DeadLetter e -> "%s offset %d: %s".formatted(e.fromTopic(), e.offset(), e.reason());
      case RelayActivity.ConfigApplied e ->
          "version %d after %d ms %s"
              .formatted(
                  e.version(),
                  e.afterMillis(),
                  e.daemons().stream()
                      .map(d -> d.name() + " " + d.action())
                      .collect(Collectors.joining(", ")));
      case RelayActivity.ConfigRejected e ->
          "version %d by %s: %s".formatted(e.version(), e.daemon(), e.reason());
      case RelayActivity.CertApplied e ->
          "generation %d on port %d (%s) after %d ms"
              .formatted(e.generation(), e.port(), e.listener(), e.afterMillis());
      case RelayActivity.CertRejected e ->
          "generation %d %s: %s".formatted(e.generation(), e.listener(), e.reason());
      case RelayActivity.CertIssueFailed e -> e.names() + ": " + e.reason();
      case RelayActivity.CertExpiring e ->
          "generation %d of %s ends at %s: %s"
              .formatted(e.generation(), e.names(), e.notAfter(), e.nextStep());
      case RelayActivity.CertOrderBegun e ->
          "%s from %s by %s: %s".formatted(e.names(), e.authority(), e.challenge(), e.reason());
      case RelayActivity.AcmeAccountRegistered e -> e.account();
      case RelayActivity.ProcessStarted e ->
          "%s pid %d (restart %d)".formatted(e.process(), e.pid(), e.restarts());
      case RelayActivity.ProcessReady e ->
          "%s pid %d after %d ms".formatted(e.process(), e.pid(), e.afterMillis());
      case RelayActivity.ProcessReloaded e ->
          "%s pid %d after %d ms".formatted(e.process(), e.pid(), e.afterMillis());
      case RelayActivity.ProcessExited e ->
          "%s pid %d %s%s"
              .formatted(e.process(), e.pid(), e.reason(), e.expected() ? "" : " (unexpected)");
      case RelayActivity.ProcessGaveUp e ->
          "%s after %d restarts: %s".formatted(e.process(), e.restarts(), e.reason());
      case RelayActivity.DkimKeyChanged e ->
          "%s._domainkey.%s %s"
              .formatted(e.selector(), e.domain(), e.fingerprint().substring(0, 12));
    };
  }
}
