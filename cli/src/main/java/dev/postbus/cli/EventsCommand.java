package dev.postbus.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.postbus.audit.BusLog;
import dev.postbus.audit.CauseChain;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventTypes;
import dev.postbus.events.RelayEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    description = "Prints what happened, oldest first, from the bus.",
    footer = {
      "",
      "  ./postbus events --since 1h --follow",
      "  ./postbus events --type config-rejected",
      "  ./postbus events --cause 1f0c9a2e        all that belongs to this event, as a tree"
    })
final class EventsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String CHECKPOINT = "checkpoint";

  @Mixin private StateOption state = new StateOption();

  @Option(names = "--follow", description = "Go on with what happens.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Begin there: " + Moment.FORMS + ".")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "End there.")
  private @Nullable String until;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only these, e.g. config-applied; may be given several times.")
  private List<String> types = List.of();

  @Option(
      names = "--cause",
      paramLabel = "ID",
      description = {
        "The whole chain that an event belongs to: what caused it, and all that followed, with the",
        "time that each step took. The beginning of an id will do."
      })
  private @Nullable String cause;

  @Option(names = "--all", description = "Checkpoints, too.")
  private boolean all;

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    var known = EventTypes.all().stream().map(c -> EventTypes.shortName(typeOf(c))).toList();
    for (var type : types) {
      if (!known.contains(type)) {
        throw new Failure("there is no event type " + type + "; there are " + known);
      }
    }
    if (follow && (until != null || cause != null)) {
      throw new Failure("--follow has no end, so it does not go with --until or --cause");
    }
    var now = Instant.now();
    var from = since == null ? Instant.EPOCH : Moment.parse(since, now);
    var to = until == null ? Instant.MAX : Moment.parse(until, now);
    var bootstrap = Containers.here().bus(state.ports());
    try {
      if (cause != null) {
        printChain(bootstrap, cause);
      } else {
        printAll(bootstrap, from, to);
      }
      return 0;
    } catch (TimeoutException | KafkaException e) {
      throw new Failure("the bus at " + bootstrap + " does not answer; see: ./postbus logs broker");
    }
  }

  private void printAll(String bootstrap, Instant from, Instant to)
      throws InterruptedException, TimeoutException {
    try (var history =
        since == null
            ? EventHistory.read(bootstrap, envelope -> print(envelope, from, to))
            : EventHistory.read(bootstrap, from, envelope -> print(envelope, from, to))) {
      history.awaitCaughtUp(PATIENCE);
      if (follow) {
        Thread.sleep(Duration.ofDays(36500));
      }
    }
  }

  private void printChain(String bootstrap, String id) {
    try (var log = new Progress(System.err, "read").of(BusLog.open(bootstrap))) {
      var chain = CauseChain.of(log, id);
      if (chain.isEmpty()) {
        throw new Failure(
            "there is no event %s; ids are the second column of: ./postbus events".formatted(id));
      }
      if (json) {
        for (var event : chain) {
          var digest = event.raw().digest(event.head());
          System.out.println(
              Rest.JSON.writeValueAsString(
                  EventLine.json(event.head(), digest, CauseTree.data(event))));
        }
      } else {
        CauseTree.lines(chain).forEach(System.out::println);
      }
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  private static String typeOf(Class<? extends RelayEvent> event) {
    return event.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private void print(Envelope<RelayEvent> envelope, Instant from, Instant to) {
    var type = EventTypes.shortName(envelope.event().type());
    if (envelope.time().isBefore(from)
        || envelope.time().isAfter(to)
        || !(types.isEmpty() ? all || !type.equals(CHECKPOINT) : types.contains(type))) {
      return;
    }
    try {
      System.out.println(
          json ? Rest.JSON.writeValueAsString(EventLine.json(envelope)) : EventLine.text(envelope));
    } catch (JsonProcessingException e) {
      throw new Failure("an event cannot be printed: " + e.getOriginalMessage());
    }
  }
}
