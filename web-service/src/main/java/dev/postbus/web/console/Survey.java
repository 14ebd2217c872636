package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postbus.web.console.RelayState.ProcessRow;
import dev.postbus.web.console.RelayState.ServiceRow;
import dev.postbus.web.services.Answer;
import dev.postbus.web.services.Service;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Services;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks all services at once, and goes on without those that are away. */
final class Survey {
  private static final String READINESS = "/q/health/ready";

  private final Services services;
  private final Executor threads;

  /**
   * Prepares it.
   *
   * @param threads on which services are asked
   */
  Survey(Services services, Executor threads) {
    this.services = services;
    this.threads = threads;
  }

  /** What a service answers; empty if it is away or refuses. */
  CompletableFuture<Optional<Answer>> ask(Service service, String path) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Optional.of(services.get(service, path)).filter(Answer::good);
          } catch (ServiceAway away) {
            return Optional.empty();
          }
        },
        threads);
  }

  /** The same as JSON; a node that is missing if there is none. */
  CompletableFuture<JsonNode> json(Service service, String path) {
    return ask(service, path)
        .thenApply(answer -> answer.map(Answer::json).orElse(MissingNode.getInstance()));
  }

  RelayState state() {
    var rows =
        Arrays.stream(Service.values())
            .map(
                service ->
                    json(service, service.status())
                        .thenCombine(
                            json(service, READINESS),
                            (status, health) -> row(service, status, health)))
            .toList();
    var config = json(Service.CONFIG, "/config");
    var cert = json(Service.CERT, "/cert");
    var storage = json(Service.MAIL, "/mail/storage");
    var machine = json(Service.MAIL, "/mail/doctor");
    return new RelayState(
        rows.stream().map(CompletableFuture::join).toList(),
        config.join(),
        cert.join(),
        storage.join(),
        machine.join());
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
}
