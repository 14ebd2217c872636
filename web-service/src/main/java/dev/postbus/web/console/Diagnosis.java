package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.web.console.RelayState.ServiceRow;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a relay, by what its services say, and the next step for each of it. */
final class Diagnosis {
  private static final Duration SOON = Duration.ofDays(7);
  private static final int LONG_QUEUE = 500;
  private static final String GAVE_UP = "gave-up";

  private final Clock clock;

  Diagnosis(Clock clock) {
    this.clock = clock;
  }

  /** What was found, problems first. */
  List<Finding> of(RelayState state) {
    var found = new ArrayList<Finding>();
    state.services().forEach(service -> services(service, found));
    configuration(state.config(), found);
    certificate(state.cert(), found);
    queue(state.storage(), found);
    machine(state.machine(), found);
    return found.stream()
        .sorted((one, other) -> Boolean.compare(other.problem(), one.problem()))
        .toList();
  }

  /** What the machine gives as it should. */
  static List<String> right(RelayState state) {
    return state
        .machine()
        .valueStream()
        .filter(one -> level(one).equals("ok"))
        .map(one -> one.path("check").asText() + ": " + one.path("message").asText())
        .toList();
  }

  private static void services(ServiceRow service, List<Finding> found) {
    var logs = "see why: ./postbus logs " + service.name();
    if (!service.good()) {
      found.add(new Finding(true, service.name(), "is " + service.state(), logs));
    }
    if (!service.problem().isEmpty()) {
      found.add(
          new Finding(
              false, service.name(), service.problem(), "mend that; it is noticed by itself"));
    }
    for (var process : service.processes()) {
      if (!process.good()) {
        found.add(
            new Finding(
                true,
                process.name(),
                "is " + process.state(),
                process.state().equals(GAVE_UP)
                    ? logs + "; mend the cause, then ./postbus down and ./postbus up"
                    : logs));
      }
    }
  }

  private static void configuration(JsonNode config, List<Finding> found) {
    for (var problem : config.path("problems")) {
      found.add(
          new Finding(
              false,
              "configuration",
              problem.path("message").asText(),
              "correct chatmail.ini or the environment; try it before: ./postbus config validate"));
    }
  }

  private void certificate(JsonNode cert, List<Finding> found) {
    for (var warning : cert.path("warnings")) {
      var text = warning.asText();
      // cert-service says it of itself as well.
      if (found.stream().noneMatch(one -> one.what().endsWith(text))) {
        found.add(new Finding(false, "certificate", text, "see what it is: ./postbus cert show"));
      }
    }
    var now = clock.instant();
    Texts.instant(cert.path("notAfter").asText())
        .filter(end -> end.isBefore(now.plus(SOON)))
        .ifPresent(
            end ->
                found.add(
                    new Finding(
                        end.isBefore(now),
                        "certificate",
                        (end.isBefore(now) ? "has ended at " : "ends at ") + Texts.time(end),
                        "get a new one: ./postbus cert renew")));
  }

  private static void queue(JsonNode storage, List<Finding> found) {
    var waiting = storage.path("queue").valueStream().mapToInt(JsonNode::asInt).sum();
    if (waiting > LONG_QUEUE) {
      found.add(
          new Finding(
              false,
              "Postfix",
              waiting + " messages wait in its queue",
              "see what other servers answer: ./postbus logs mail-supervisor"));
    }
  }

  private static void machine(JsonNode machine, List<Finding> found) {
    for (var one : machine) {
      if (!level(one).equals("ok")) {
        found.add(
            new Finding(
                level(one).equals("problem"),
                "machine, " + one.path("check").asText(),
                one.path("message").asText(),
                one.path("next").asText()));
      }
    }
  }

  private static String level(JsonNode finding) {
    return finding.path("level").asText();
  }
}
