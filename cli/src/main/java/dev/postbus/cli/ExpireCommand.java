package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "expire",
    description = {
      "Deletes now what is old or too much, as it is done every night by itself.",
      "With --dry-run it only says what would go."
    })
final class ExpireCommand implements Callable<Integer> {
  private static final Map<String, String> WORDS =
      Map.of(
          "INACTIVE", "mailboxes that nobody has logged in to for long",
          "EMPTY", "folders without a password and mail",
          "OLD", "old mails",
          "LARGE", "large mails",
          "QUOTA", "mails of mailboxes that are too full");

  @Mixin private StateOption state = new StateOption();

  @Option(names = "--dry-run", description = "Delete nothing, say what would be.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var port = state.ports().mail();
    var body = Rest.JSON.writeValueAsBytes(Map.of("dryRun", dryRun));
    var started = new Rest().send(UserCommand.SERVICE, port, "POST", "/mail/expiry", body);
    if (UserCommand.refused(started)) {
      return 1;
    }
    var run = untilItIsOver(port);
    if (json) {
      System.out.println(run.toPrettyString());
    } else {
      print(run);
    }
    return run.path("problem").isTextual() ? 1 : 0;
  }

  private JsonNode untilItIsOver(int port) throws InterruptedException {
    var said = 0L;
    while (true) {
      var answer = new Rest().get(UserCommand.SERVICE, port, "/mail/expiry").json();
      var run = answer.path("run");
      if (run.path("finished").asBoolean()) {
        return run;
      }
      var millis = run.path("millis").asLong();
      if (!json && millis - said >= 2000) {
        said = millis;
        System.err.printf(
            "  %d s: %d mailboxes, %d mails%n",
            millis / 1000,
            run.path("outcome").path("mailboxes").asLong(),
            run.path("outcome").path("messages").asLong());
      }
      Thread.sleep(100);
    }
  }

  private void print(JsonNode run) {
    var outcome = run.path("outcome");
    System.out.printf(
        "%s of %d mailboxes with %d mails took %d ms%n",
        dryRun ? "dry run" : "expiry",
        outcome.path("mailboxes").asLong(),
        outcome.path("messages").asLong(),
        run.path("millis").asLong());
    if (outcome.path("removed").isEmpty()) {
      System.out.println(dryRun ? "nothing would go" : "nothing had to go");
    }
    outcome.path("removed").properties().forEach(entry -> print(entry.getKey(), entry.getValue()));
    for (var affected : outcome.path("affected")) {
      System.out.println(affected.path("address").asText());
      affected
          .path("removed")
          .properties()
          .forEach(entry -> print("  ", entry.getKey(), entry.getValue()));
    }
    if (outcome.path("failures").asLong() > 0) {
      System.err.printf(
          "%d mailboxes could not be read; see: ./postbus logs mail-supervisor%n",
          outcome.path("failures").asLong());
    }
    if (run.path("problem").isTextual()) {
      System.err.println(run.path("problem").asText());
    }
  }

  private void print(String reason, JsonNode removed) {
    print(dryRun ? "would go: " : "gone: ", reason, removed);
  }

  private static void print(String before, String reason, JsonNode removed) {
    System.out.printf(
        "%s%d %s, %s%n",
        before,
        removed.path("count").asLong(),
        WORDS.getOrDefault(reason, reason),
        Bytes.text(removed.path("bytes").asLong()));
  }
}
