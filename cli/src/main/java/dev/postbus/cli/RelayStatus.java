package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that runs, as the stack and the services say.
 *
 * @param ready whether all of it serves, with a configuration and a certificate in force
 */
record RelayStatus(
    boolean ready, long pid, Instant startedAt, StackSettings settings, List<Service> services) {

  /** A service; {@code ready} is its own word. */
  record Service(
      String name,
      String state,
      boolean ready,
      @Nullable Long pid,
      String since,
      int restarts,
      int port,
      @Nullable Long configVersion,
      @Nullable String certFingerprint,
      @Nullable String detail,
      List<Daemon> processes) {}

  /** A daemon that a service runs. */
  record Daemon(
      String name,
      String state,
      @Nullable Long pid,
      String since,
      int restarts,
      @Nullable String detail) {}

  /** Asks everybody. */
  static RelayStatus of(StackState stack, Rest rest) {
    var services = new ArrayList<Service>();
    var ports = new StackPorts(stack.settings().portOffset());
    for (var service : stack.services()) {
      services.add(ask(service, ports, rest));
    }
    return new RelayStatus(
        services.stream().allMatch(Service::ready),
        stack.pid(),
        stack.startedAt(),
        stack.settings(),
        services);
  }

  private static Service ask(StackState.Service service, StackPorts ports, Rest rest) {
    var up = service.state().equals("ready");
    if (service.name().equals("broker")) {
      return of(service, ports.broker(), up, Optional.empty());
    }
    var where =
        Map.of(
                "config-service", Map.entry(ports.config(), "/config/status"),
                "cert-service", Map.entry(ports.cert(), "/cert/status"),
                "mail-supervisor", Map.entry(ports.mail(), "/mail/status"),
                "web-service", Map.entry(ports.web(), "/web/status"))
            .get(service.name());
    if (where == null || !up) {
      return of(service, 0, false, Optional.empty());
    }
    int port = where.getKey();
    var ready =
        rest.tryGet(port, "/q/health/ready").filter(answer -> answer.status() == 200).isPresent();
    var status =
        rest.tryGet(port, where.getValue())
            .filter(answer -> answer.status() == 200)
            .map(Rest.Answer::json);
    return of(service, port, ready, status);
  }

  private static Service of(
      StackState.Service service, int port, boolean ready, Optional<JsonNode> status) {
    var processes = new ArrayList<Daemon>();
    status.ifPresent(
        json -> {
          for (var p : json.path("processes")) {
            processes.add(
                new Daemon(
                    p.path("name").asText(),
                    p.path("state").asText(),
                    p.path("pid").isNumber() ? p.path("pid").asLong() : null,
                    p.path("since").asText(),
                    p.path("restarts").asInt(),
                    p.path("detail").isTextual() ? p.path("detail").asText() : null));
          }
        });
    return new Service(
        service.name(),
        service.state(),
        ready,
        service.pid(),
        service.since().toString(),
        service.restarts(),
        port,
        status
            .map(j -> j.path("configVersion"))
            .filter(JsonNode::isNumber)
            .map(JsonNode::asLong)
            .orElse(null),
        status
            .map(j -> j.path("certFingerprint"))
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .orElse(null),
        service.detail(),
        processes);
  }

  /** What is not ready yet, in words. */
  String missing() {
    var missing = new ArrayList<String>();
    for (var service : services) {
      if (!service.ready()) {
        var daemons =
            service.processes().stream()
                .filter(p -> !p.state().equals("ready"))
                .map(p -> p.name() + " " + p.state())
                .toList();
        missing.add(
            service.name()
                + (service.state().equals("ready") ? " not ready" : " " + service.state())
                + (daemons.isEmpty() ? "" : " " + daemons));
      }
    }
    return String.join(", ", missing);
  }
}
