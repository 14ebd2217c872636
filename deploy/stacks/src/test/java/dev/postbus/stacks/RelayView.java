package dev.postbus.stacks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.bench.Target;
import dev.postbus.bench.certs.Listener;
import dev.postbus.bench.certs.MadePair;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackState;
import dev.postbus.events.RelayState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What both the running relay and its log can tell.
 *
 * @param version of the configuration
 * @param values each key's
 * @param generation of the certificate
 * @param fingerprint of the certificate
 * @param served fingerprints by the listeners' ports
 * @param dkim the public key as it is in DNS
 * @param applied versions by services
 * @param processes state, pid and restarts by service and process
 */
record RelayView(
    long version,
    Map<String, String> values,
    long generation,
    String fingerprint,
    Map<Integer, String> served,
    String dkim,
    Map<String, Long> applied,
    Map<String, String> processes) {

  /** As services and listeners say it. */
  static RelayView running(Path state, StackPorts ports) throws IOException {
    var config = Api.json(ports.config(), "/config");
    var values = new TreeMap<String, String>();
    config
        .path("values")
        .properties()
        .forEach(value -> values.put(value.getKey(), value.getValue().path("value").asText()));
    var certificate = Api.json(ports.cert(), "/cert");
    var processes = new TreeMap<String, String>();
    for (var service : StackState.running(state).orElseThrow().services()) {
      processes.put(
          "local-stack/" + service.name(),
          process(service.state(), service.pid(), service.restarts()));
    }
    var applied = new TreeMap<String, Long>();
    for (var status :
        new JsonNode[] {
          Api.json(ports.mail(), "/mail/status"), Api.json(ports.web(), "/web/status")
        }) {
      var service = status.path("service").asText();
      applied.put(service, status.path("configVersion").asLong());
      for (var process : status.path("processes")) {
        processes.put(
            service + "/" + process.path("name").asText(),
            process(
                process.path("state").asText(),
                process.path("pid").asLong(),
                process.path("restarts").asInt()));
      }
    }
    return new RelayView(
        config.path("version").asLong(),
        values,
        certificate.path("generation").asLong(),
        certificate.path("fingerprint").asText(),
        served(ports.offset()),
        Api.json(ports.mail(), "/mail/dkim").path("txt").asText(),
        applied,
        processes);
  }

  /** What each listener serves. */
  static Map<Integer, String> served(int offset) throws IOException {
    var served = new TreeMap<Integer, String>();
    for (var listener : Listener.of(Target.withOffset("127.0.0.1", offset, LocalRelay.DOMAIN))) {
      served.put(listener.port(), MadePair.fingerprint(listener.handshake().getFirst()));
    }
    return served;
  }

  /** As the log tells it. */
  static RelayView replayed(RelayState state) {
    var served = new TreeMap<Integer, String>();
    var applied = new TreeMap<String, Long>();
    var processes = new TreeMap<String, String>();
    state
        .services()
        .forEach(
            (name, service) -> {
              service
                  .certificates()
                  .forEach(
                      (listener, one) ->
                          served.put(
                              Integer.valueOf(listener.replaceFirst(".*:", "")),
                              one.fingerprint()));
              if (service.configuration() != null) {
                applied.put(name, service.configuration().version());
              }
              service
                  .processes()
                  .forEach(
                      (process, one) ->
                          processes.put(
                              name + "/" + process,
                              process(one.state(), one.pid(), one.restarts())));
            });
    return new RelayView(
        state.configuration().version(),
        new TreeMap<>(state.configuration().values()),
        state.certificate().generation(),
        state.certificate().fingerprint(),
        served,
        state.dkimKey().txt(),
        applied,
        processes);
  }

  /** The pid of a service's process, or of a daemon's; 0 if it does not run. */
  long pidOf(String process) {
    var found = processes.getOrDefault(process, "").replaceAll(".* pid (\\d+).*|.*", "$1");
    return found.isEmpty() ? 0 : Long.parseLong(found);
  }

  /** Whether every process serves, and has what is in force. */
  boolean settled() {
    return processes.values().stream().allMatch(process -> process.startsWith("ready "))
        && applied.values().stream().allMatch(one -> one == version)
        && served.values().stream().allMatch(fingerprint::equals);
  }

  private static String process(String state, Long pid, int restarts) {
    return "%s pid %d restarts %d".formatted(state, pid == null ? 0 : pid, restarts);
  }
}
