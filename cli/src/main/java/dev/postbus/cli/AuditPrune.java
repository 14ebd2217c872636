package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.audit.AuditJson;
import dev.postbus.audit.BusLog;
import dev.postbus.audit.Keep;
import dev.postbus.audit.Retention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "prune",
    description = {
      "Removes old events now. A snapshot takes their place: verify, and replay of what comes after,",
      "go on to work. Never removed are the newest configuration and certificate, checkpoints and",
      "dead letters. To have it done daily, set POSTBUS_EVENTS_KEEP."
    },
    footer = {
      "",
      "  ./postbus audit export /srv/postbus-audit        what is removed is nowhere else",
      "  ./postbus audit prune --keep 90d --dry-run       what would go",
      "  ./postbus audit prune --keep 100000              the newest 100000 of each topic stay"
    })
final class AuditPrune implements AuditAction {
  private static final int BAD_REQUEST = 400;

  @Mixin private StateOption state = new StateOption();

  @Option(
      names = "--keep",
      paramLabel = "HOW MUCH",
      required = true,
      description = "What stays: an age in days, e.g. 90d, or how many records of each topic.")
  private String keep = "";

  @Option(names = "--dry-run", description = "Only say what would go.")
  private boolean dryRun;

  @Option(
      names = "--accept-findings",
      description = "Also if the log is not as it was written, and what shows that goes.")
  private boolean acceptFindings;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public int run() throws IOException {
    var wanted = wanted();
    var removal = dryRun ? planned(wanted) : removed(wanted);
    if (json) {
      ((ObjectNode) removal).put("removed", !dryRun);
      System.out.println(removal.toPrettyString());
    } else {
      print(removal);
    }
    return 0;
  }

  private Keep wanted() {
    try {
      return Keep.parse(keep)
          .orElseThrow(() -> new Failure("--keep off removes nothing; allowed is " + Keep.ALLOWED));
    } catch (IllegalArgumentException e) {
      throw new Failure("--keep " + e.getMessage());
    }
  }

  private JsonNode planned(Keep wanted) throws IOException {
    try (var log = BusLog.open(Containers.here().bus(state.ports()))) {
      return AuditJson.of(Retention.plan(log, wanted, Clock.systemUTC(), null));
    }
  }

  private JsonNode removed(Keep wanted) {
    var body =
        Rest.JSON
            .createObjectNode()
            .put("keep", wanted.toString())
            .put("acceptFindings", acceptFindings);
    var answer =
        new Rest()
            .postLong(
                "config-service",
                state.ports().config(),
                "/config/log/prune",
                body.toString().getBytes(StandardCharsets.UTF_8));
    if (answer.status() >= BAD_REQUEST) {
      throw new Failure(answer.json().path("problems").path(0).path("message").asText());
    }
    return answer.json();
  }

  private void print(JsonNode removal) {
    System.out.printf("%-16s %10s %10s%n", "TOPIC", dryRun ? "WOULD GO" : "REMOVED", "STAY");
    removal
        .path("records")
        .properties()
        .forEach(
            topic ->
                System.out.printf(
                    "%-16s %10d %10d%n",
                    topic.getKey(),
                    topic.getValue().asLong(),
                    removal.path("kept").path(topic.getKey()).asLong()));
    if (!removal.path("until").isNull()) {
      System.out.printf(
          "The earliest time that can be replayed %s %s.%n",
          dryRun ? "would then be" : "is now", removal.path("until").asText());
    }
    removal.path("heldBy").forEach(why -> System.out.println("Stays though old: " + why.asText()));
    if (dryRun && removal.path("findings").asLong() > 0) {
      System.out.printf(
          "The log is not as it was written in %d places, so nothing would go. See: ./postbus audit verify%n",
          removal.path("findings").asLong());
    }
  }
}
