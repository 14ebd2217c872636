package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.Shape;
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
 * @param policyReplicas those of mail-policy; none in most stacks
 */
record RelayStatus(
    boolean ready,
    long pid,
    Instant startedAt,
    StackSettings settings,
    List<Service> services,
    List<PolicyReplica> policyReplicas) {

  /**
   * A replica of mail-policy, as the one beside mail-supervisor sees it.
   *
   * @param done how much it has done for that one
   */
  record PolicyReplica(String address, boolean serves, long done) {}

  /**
   * A service; {@code ready} is its own word, and so is {@code problem}, which may be there too.
   */
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
      @Nullable String problem,
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
    var ports = stack.settings().ports();
    var shape = stack.settings().shape();
    for (var name : Shape.SERVICES) {
      stack.services().stream()
          .filter(process -> process.name().equals(shape.processOf(name)))
          .findFirst()
          .ifPresent(process -> services.addAll(ask(name, process, ports, rest)));
    }
    return new RelayStatus(
        services.stream().allMatch(Service::ready),
        stack.pid(),
        stack.startedAt(),
        stack.settings(),
        services,
        policyReplicas(ports, rest));
  }

  private static List<PolicyReplica> policyReplicas(StackPorts ports, Rest rest) {
    var replicas = new ArrayList<PolicyReplica>();
    rest.tryGet(ports.mail(), "/mail/replicas")
        .filter(answer -> answer.status() == 200)
        .ifPresent(
            answer -> {
              for (var one : answer.json()) {
                replicas.add(
                    new PolicyReplica(
                        one.path("address").asText(),
                        one.path("serves").asBoolean(),
                        one.path("done").asLong()));
              }
            });
    return replicas;
  }

  /** A service; one of which there are several, each of them. */
  private static List<Service> ask(
      String name, StackState.Service process, StackPorts ports, Rest rest) {
    var up = process.state().equals("ready");
    if (name.equals("broker")) {
      return List.of(
          of(name, process, ports.broker(), Containers.here().busAnswers(ports), Optional.empty()));
    }
    var where =
        Map.of(
                "config-service", Map.entry(ports.config(), "/config/status"),
                "cert-service", Map.entry(ports.cert(), "/cert/status"),
                "mail-supervisor", Map.entry(ports.mail(), "/mail/status"),
                "web-service", Map.entry(ports.web(), "/web/status"))
            .get(name);
    if (where == null || !up) {
      return List.of(of(name, process, 0, false, Optional.empty()));
    }
    int port = where.getKey();
    return Containers.here().hosts(port).stream()
        .map(host -> ask(name, process, host, port, where.getValue(), rest))
        .toList();
  }

  private static Service ask(
      String name, StackState.Service process, String host, int port, String path, Rest rest) {
    var ready = rest.tryGet(host, port, "/q/health/ready").filter(health -> isUp(health, name));
    var status =
        rest.tryGet(host, port, path)
            .filter(answer -> answer.status() == 200)
            .map(Rest.Answer::json);
    // What a replica calls itself; a process that hosts all services says it of each.
    var itself =
        status
            .map(said -> said.path("service").asText())
            .filter(said -> said.startsWith(name + "@"))
            .orElse(name);
    return of(itself, process, port, ready.isPresent(), status);
  }

  /** A process may host several services: each has a check of its own name. */
  private static boolean isUp(Rest.Answer health, String service) {
    for (var check : health.json().path("checks")) {
      if (check.path("name").asText().equals(service)) {
        return check.path("status").asText().equals("UP");
      }
    }
    return false;
  }

  private static Service of(
      String name, StackState.Service process, int port, boolean ready, Optional<JsonNode> status) {
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
        name,
        process.state(),
        ready,
        process.pid(),
        process.since().toString(),
        process.restarts(),
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
        process.detail(),
        status
            .map(j -> j.path("problem"))
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .orElse(null),
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
