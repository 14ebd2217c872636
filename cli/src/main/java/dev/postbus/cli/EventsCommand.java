package dev.postbus.cli;

import dev.postbus.events.Envelope;
import dev.postbus.events.EventTypes;
import dev.postbus.events.RelayEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "events", description = "Prints what happened, oldest first, from the bus.")
final class EventsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Mixin private StateOption state = new StateOption();

  @Option(names = "--follow", description = "Go on with what happens.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Begin there: 2026-11-24T10:00:00Z, or 10m, 2h, 3d ago.")
  private @Nullable String since;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only these, e.g. config-applied; may be given several times.")
  private List<String> types = List.of();

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    var known = EventTypes.all().stream().map(c -> EventTypes.shortName(typeOf(c))).toList();
    for (var type : types) {
      if (!known.contains(type)) {
        throw new Failure("there is no event type " + type + "; there are " + known);
      }
    }
    var from = since == null ? Instant.EPOCH : instant(since);
    var bootstrap = Containers.here().bus(state.ports());
    try (var history = EventHistory.read(bootstrap, envelope -> print(envelope, from))) {
      history.awaitCaughtUp(PATIENCE);
      if (follow) {
        Thread.sleep(Duration.ofDays(36500));
      }
      return 0;
    } catch (TimeoutException e) {
      throw new Failure("the bus at " + bootstrap + " does not answer; see: ./postbus logs broker");
    }
  }

  private static String typeOf(Class<? extends RelayEvent> event) {
    return event
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(java.util.Locale.ROOT);
  }

  private void print(Envelope<RelayEvent> envelope, Instant from) {
    var type = EventTypes.shortName(envelope.event().type());
    if (envelope.time().isBefore(from) || !(types.isEmpty() || types.contains(type))) {
      return;
    }
    try {
      System.out.println(json ? asJson(envelope) : asLine(envelope, type));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new Failure("an event cannot be printed: " + e.getOriginalMessage());
    }
  }

  private static String asJson(Envelope<RelayEvent> envelope)
      throws com.fasterxml.jackson.core.JsonProcessingException {
    var object = new LinkedHashMap<String, Object>();
    object.put("id", envelope.id());
    object.put("type", envelope.event().type());
    object.put("source", envelope.source().toString());
    object.put("subject", envelope.subject());
    object.put("time", envelope.time().toString());
    object.put("sequence", envelope.sequence());
    if (envelope.causationId() != null) {
      object.put("causationid", envelope.causationId());
    }
    if (envelope.previousDigest() != null) {
      object.put("previousdigest", envelope.previousDigest());
    }
    object.put("digest", envelope.digest());
    object.put("data", EventJson.data(envelope.event()));
    return Rest.JSON.writeValueAsString(object);
  }

  private static String asLine(Envelope<RelayEvent> envelope, String type) {
    return "%s  %-16s %-18s %s"
        .formatted(
            envelope.time(),
            envelope.source().toString().replace("urn:postbus:", ""),
            type,
            EventJson.summary(envelope.event()));
  }

  private static Instant instant(String text) {
    if (text.matches("\\d{1,6}[smhd]")) {
      var count = Long.parseLong(text, 0, text.length() - 1, 10);
      var ago =
          switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      return Instant.now().minus(ago);
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Failure("'" + text + "' is no time: write 2026-11-24T10:00:00Z, or 10m, 2h, 3d");
    }
  }
}
