package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.StackPorts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A change of the configuration, from the request to the last answer. */
final class ConfigChange {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final ConfigCommand.ChangeOptions options;
  private final StackPorts ports;
  private final Rest rest = new Rest();

  ConfigChange(StateOption state, ConfigCommand.ChangeOptions options) {
    this.options = options;
    this.ports = state.ports();
  }

  /** Changes keys, or says what it would come to; returns the exit code. */
  int change(Map<String, String> set, List<String> unset) throws IOException {
    var request = Map.<String, Object>of("set", set, "unset", unset);
    return options.dryRun()
        ? propose("/config/proposal", request)
        : make("PATCH", "/config", request);
  }

  /** Makes a new version with the values of an old one, or says what it would come to. */
  int rollBack(long version) throws IOException {
    var path = "/config/versions/" + version + "/rollback";
    return options.dryRun() ? propose(path + "/proposal", Map.of()) : make("POST", path, Map.of());
  }

  /** Makes it, and waits as long as asked for. */
  private int make(String method, String path, Map<String, Object> request) throws IOException {
    var waits = options.waits();
    var answer = ask(method, path, request);
    if (answer.isEmpty()) {
      return 1;
    }
    var changed = answer.get();
    var version = changed.path("version").asLong();
    if (changed.path("unchanged").asBoolean()) {
      System.out.println("version " + version + " says so already; nothing to do");
      return 0;
    }
    System.out.println("version " + version);
    printChanges(changed.path("changed"));
    return waits ? await(version) : 0;
  }

  /** Says what it would come to; the exit code is 0 if it would be taken up. */
  private int propose(String path, Map<String, Object> request) throws IOException {
    var answer = ask("POST", path, request);
    if (answer.isEmpty()) {
      return 1;
    }
    var proposal = answer.get();
    if (proposal.path("changed").isEmpty()) {
      System.out.println("nothing would change");
      return 0;
    }
    System.out.println("would be version " + proposal.path("version").asLong());
    printChanges(proposal.path("changed"));
    var body = Rest.JSON.writeValueAsBytes(Map.of("configuration", proposal.path("configuration")));
    var fits = tellPlan(rest.send("mail-supervisor", ports.mail(), "POST", "/mail/plan", body));
    fits &= tellPlan(rest.send("web-service", ports.web(), "POST", "/web/plan", body));
    System.out.println("Nothing was changed.");
    return fits ? 0 : 1;
  }

  private Optional<JsonNode> ask(String method, String path, Map<String, Object> request)
      throws IOException {
    var complete = new HashMap<>(request);
    complete.put(
        "actor", System.getProperty("user.name", "cli").replaceAll("[^A-Za-z0-9._@-]", "_"));
    if (options.reason() != null) {
      complete.put("reason", options.reason());
    }
    var answer =
        rest.send(
            ConfigCommand.SERVICE,
            ports.config(),
            method,
            path,
            options.headers(),
            Rest.JSON.writeValueAsBytes(complete));
    if (answer.status() >= 400) {
      ConfigCommand.printProblems(answer.json());
      System.err.println("Nothing was changed.");
      return Optional.empty();
    }
    return Optional.of(answer.json());
  }

  private static boolean tellPlan(Rest.Answer answer) {
    if (answer.status() >= 400) {
      throw new Failure("it cannot be said what would happen: " + answer.text());
    }
    var plan = answer.json();
    var service = plan.path("service").asText();
    if (plan.path("refusedBy").isTextual()) {
      System.out.printf(
          "  %s would reject it: %s says: %s%n",
          service, plan.path("refusedBy").asText(), plan.path("reason").asText());
      return false;
    }
    var touched = touched(plan.path("daemons"));
    System.out.printf(
        "  %s: %s%n", service, touched.isEmpty() ? "nothing" : String.join(", ", touched));
    return true;
  }

  private int await(long version) {
    var said = new HashSet<String>();
    var rejected = false;
    var missing = "";
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      // It may be starting anew: what was recorded is not lost by that.
      var answer =
          rest.tryGet(ports.config(), "/config/versions/" + version + "/answers")
              .filter(one -> one.status() == 200)
              .map(Rest.Answer::json);
      if (answer.isPresent()) {
        rejected |= tell(answer.get().path("answers"), said);
        if (answer.get().path("missing").isEmpty()) {
          var back = answer.get().path("goneBackBy");
          if (back.isNumber()) {
            System.out.printf("version %d puts what was before in force again%n", back.asLong());
            await(back.asLong());
          }
          return rejected ? 1 : 0;
        }
        missing = names(answer.get().path("missing"));
        if (answer.get().path("bus").asText().equals("waiting")) {
          System.out.println("the bus is away: it will be applied when the bus is back");
          return rejected ? 1 : 0;
        }
      }
      StackControl.pause(PAUSE);
    }
    System.err.println(
        "not all of the relay has answered"
            + (missing.isEmpty() ? "" : ", but for " + missing)
            + "; see: ./postbus status");
    return 1;
  }

  private static String names(JsonNode missing) {
    var names = new ArrayList<String>();
    missing.forEach(name -> names.add(name.asText()));
    return String.join(", ", names);
  }

  /** Prints what was not said yet; whether one of the answers is a rejection. */
  private static boolean tell(JsonNode answers, Set<String> said) {
    var rejected = false;
    for (var answer : answers) {
      var applied = answer.path("applied").asBoolean();
      rejected |= !applied;
      var words = words(answer);
      if (said.add(words)) {
        System.out.println("  " + words);
      }
    }
    return rejected;
  }

  /** A consumer's answer. */
  static String words(JsonNode answer) {
    var service = answer.path("service").asText();
    if (!answer.path("applied").asBoolean()) {
      return "rejected by %s: %s says: %s"
          .formatted(service, answer.path("daemon").asText(), answer.path("reason").asText());
    }
    var touched = touched(answer.path("daemons"));
    return "applied by %s after %d ms%s"
        .formatted(
            service,
            answer.path("afterMillis").asLong(),
            touched.isEmpty() ? "" : " (" + String.join(", ", touched) + ")");
  }

  private static List<String> touched(JsonNode daemons) {
    var touched = new ArrayList<String>();
    for (var daemon : daemons) {
      if (!daemon.path("action").asText().equals("none")) {
        touched.add(daemon.path("name").asText() + " " + daemon.path("action").asText());
      }
    }
    return touched;
  }

  static void printChanges(JsonNode changes) {
    for (var key : changes) {
      System.out.printf(
          "  %s: %s -> %s%n",
          key.path("key").asText(), key.path("oldValue").asText(), key.path("newValue").asText());
    }
  }
}
