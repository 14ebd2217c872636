package dev.postbus.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A status as a table for people. */
final class StatusTable {
  private StatusTable() {}

  static String of(RelayStatus status, Instant now) {
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of("PROCESS", "STATE", "PID", "SINCE", "RESTARTS", "PORT", "CONFIG", "CERTIFICATE"));
    for (var service : status.services()) {
      rows.add(
          List.of(
              service.name(),
              service.state().equals("ready") && !service.ready() ? "not ready" : service.state(),
              text(service.pid()),
              ago(service.since(), now),
              Integer.toString(service.restarts()),
              service.port() == 0 ? "-" : Integer.toString(service.port()),
              text(service.configVersion()),
              service.certFingerprint() == null
                  ? "-"
                  : service.certFingerprint().substring(0, 12)));
      for (var process : service.processes()) {
        rows.add(
            List.of(
                "  " + process.name(),
                process.state(),
                text(process.pid()),
                ago(process.since(), now),
                Integer.toString(process.restarts()),
                "",
                "",
                ""));
      }
    }
    var ports =
        status.settings().ports().publicPorts().entrySet().stream()
            .map(port -> port.getKey() + " " + port.getValue())
            .collect(Collectors.joining(", "));
    var problems =
        status.services().stream()
            .filter(service -> service.problem() != null)
            .map(service -> service.name() + ": " + service.problem() + "\n")
            .collect(Collectors.joining());
    var replicas =
        status.policyReplicas().isEmpty()
            ? ""
            : status.policyReplicas().stream()
                .map(one -> one.address() + (one.serves() ? " has done " + one.done() : " is away"))
                .collect(Collectors.joining(", ", "mail-policy's replicas: ", "\n"));
    return """
        %s is %s
        %s
        %s%slistening on %s: %s
        """
        .formatted(
            status.settings().domain(),
            status.ready() ? "ready" : "not ready",
            layOut(rows),
            replicas,
            problems,
            Containers.here().shape().isPresent() ? "all published addresses" : "127.0.0.1",
            ports);
  }

  static String layOut(List<List<String>> rows) {
    var widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private static String text(@Nullable Long value) {
    return value == null ? "-" : value.toString();
  }

  private static String ago(String since, Instant now) {
    var time = Duration.between(Instant.parse(since), now);
    if (time.toDays() > 0) {
      return time.toDays() + " d " + time.toHoursPart() + " h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : Math.max(0, time.toSeconds()) + " s";
  }
}
