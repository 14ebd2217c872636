package dev.postbus.web.console;

import dev.postbus.web.services.Services;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Service;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The first page: what runs, and what somebody should look at. */
final class Overview {
  private static final Duration SOON = Duration.ofDays(7);
  private static final double LITTLE_DISK = 0.1;
  private static final int LONG_QUEUE = 500;

  private final Services services;
  private final Clock clock;
  private final Executor threads;

  /**
   * The page.
   *
   * @param threads on which services are asked, all at once
   */
  Overview(Services services, Clock clock, Executor threads) {
    this.services = services;
    this.clock = clock;
    this.threads = threads;
  }

  /** A service. */
  record ServiceRow(
      String name,
      String state,
      boolean good,
      String version,
      String problem,
      List<ProcessRow> processes) {}

  /** A daemon. */
  record ProcessRow(String name, String state, boolean good, String since, int restarts) {}

  /** A name with a value. */
  record Fact(String name, String value) {}

  View show() {
    var asked =
        Arrays.stream(Service.values())
            .map(
                service ->
                    asked(service, service.status())
                        .thenCombine(
                            asked(service, "/q/health/ready"),
                            (status, health) -> row(service, status, health)))
            .toList();
    var cert = asked(Service.CERT, "/cert");
    var caa = asked(Service.CERT, "/cert/caa");
    var dkim = asked(Service.MAIL, "/mail/dkim");
    var storage = asked(Service.MAIL, "/mail/storage");
    var told = CompletableFuture.supplyAsync(this::told, threads);
    var rows = asked.stream().map(CompletableFuture::join).toList();
    var data = new HashMap<String, Object>();
    data.put("services", rows);
    data.put("certificate", certificate(cert.join()));
    data.put("mail", mail(told.join()));
    data.put("storage", storage(storage.join()));
    data.put("dns", dns(dkim.join(), caa.join()));
    data.put("attention", attention(rows, cert.join(), storage.join()));
    return View.of("overview", "Overview", data);
  }

  private CompletableFuture<JsonNode> asked(Service service, String path) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            var answer = services.get(service, path);
            return answer.good() ? answer.json() : MissingNode.getInstance();
          } catch (ServiceAway away) {
            return MissingNode.getInstance();
          }
        },
        threads);
  }

  private Told told() {
    try {
      return Told.of(services.get(Service.MAIL, "/mail/metrics").text());
    } catch (ServiceAway away) {
      return new Told(Map.of());
    }
  }

  private static ServiceRow row(Service service, JsonNode status, JsonNode health) {
    if (status.isMissingNode()) {
      return new ServiceRow(service.label(), "away", false, "", "", List.of());
    }
    var ready = false;
    for (var check : health.path("checks")) {
      // A process may be several services.
      ready |=
          check.path("name").asText().equals(service.label())
              && check.path("status").asText().equals("UP");
    }
    var processes = new ArrayList<ProcessRow>();
    for (var one : status.path("processes")) {
      var state = one.path("state").asText();
      processes.add(
          new ProcessRow(
              one.path("name").asText(),
              state,
              state.equals("ready") || state.equals("reloading"),
              Texts.time(one.path("since").asText()),
              one.path("restarts").asInt()));
    }
    return new ServiceRow(
        service.label(),
        ready ? "ready" : "not ready",
        ready,
        status.path("configVersion").asText(""),
        status.path("problem").asText(""),
        processes);
  }

  private List<Fact> certificate(JsonNode cert) {
    if (cert.isMissingNode()) {
      return List.of();
    }
    var end = Texts.instant(cert.path("notAfter").asText());
    return List.of(
        new Fact("names", String.join(", ", texts(cert.path("names")))),
        new Fact("kind", cert.path("mode").asText()),
        new Fact("ends", end.map(time -> Texts.distance(time, clock.instant())).orElse("")),
        new Fact("at", Texts.time(cert.path("notAfter").asText())));
  }

  private static List<Fact> mail(Told told) {
    var facts = new ArrayList<Fact>();
    add(facts, told, "accounts", "postbus_accounts");
    add(facts, told, "new accounts", "postbus_new_accounts_total");
    add(facts, told, "logins", "postbus_logins_total", "result=\"success\"");
    add(facts, told, "failed logins", "postbus_logins_total", "result=\"failure\"");
    add(facts, told, "sent", "postbus_passed_messages_total", "outgoing", "\"taken\"");
    add(facts, told, "received", "postbus_passed_messages_total", "incoming", "\"taken\"");
    add(facts, told, "refused", "postbus_filtered_messages_total", "refused_");
    add(facts, told, "delivered", "postbus_delivered_messages_total");
    add(facts, told, "failed deliveries", "postbus_failed_deliveries_total");
    add(facts, told, "devices to wake up", "postbus_push_waiting");
    return facts;
  }

  private static void add(
      List<Fact> facts, Told told, String name, String metric, String... labels) {
    told.sum(metric, labels)
        .ifPresent(value -> facts.add(new Fact(name, String.format("%,.0f", value))));
  }

  private static List<Fact> storage(JsonNode storage) {
    if (storage.isMissingNode()) {
      return List.of();
    }
    var facts = new ArrayList<Fact>();
    storage
        .path("queue")
        .properties()
        .forEach(
            queue -> facts.add(new Fact("queue: " + queue.getKey(), queue.getValue().asText())));
    facts.add(
        new Fact(
            "disk free",
            Texts.bytes(storage.path("freeBytes").asDouble())
                + " of "
                + Texts.bytes(storage.path("diskBytes").asDouble())));
    return facts;
  }

  private static List<Fact> dns(JsonNode dkim, JsonNode caa) {
    var records = new ArrayList<Fact>();
    if (dkim.path("name").isTextual()) {
      records.add(new Fact(dkim.path("name").asText() + " TXT", dkim.path("txt").asText()));
    }
    for (var one : caa) {
      records.add(new Fact("CAA account", one.path("account").asText()));
    }
    return records;
  }

  private List<String> attention(List<ServiceRow> rows, JsonNode cert, JsonNode storage) {
    var found = new ArrayList<String>();
    for (var row : rows) {
      if (!row.good()) {
        found.add(row.name() + " is " + row.state());
      }
      if (!row.problem().isEmpty()) {
        found.add(row.name() + ": " + row.problem());
      }
      for (var process : row.processes()) {
        if (!process.good()) {
          found.add(process.name() + " is " + process.state());
        }
      }
    }
    for (var warning : texts(cert.path("warnings"))) {
      if (found.stream().noneMatch(one -> one.endsWith(warning))) {
        found.add("certificate: " + warning);
      }
    }
    Texts.instant(cert.path("notAfter").asText())
        .filter(end -> end.isBefore(clock.instant().plus(SOON)))
        .ifPresent(end -> found.add("the certificate ends at " + Texts.time(end)));
    if (storage.path("freeBytes").asDouble(1)
        < LITTLE_DISK * storage.path("diskBytes").asDouble(0)) {
      found.add("little room is left on the disk");
    }
    if (storage.path("queue").valueStream().mapToInt(JsonNode::asInt).sum() > LONG_QUEUE) {
      found.add("Postfix's queue is long");
    }
    return found;
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
