package dev.postbus.cli;

import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All processes of the stack that runs on a folder now: looked up each time, as it may be another
 * one than before.
 *
 * @param state the folder
 */
record StackProcesses(Path state) {
  private static final Map<String, String> GROUPS =
      Map.of(
          "StackProgram", "stack's own process",
          "BrokerProgram", "broker",
          "policy.Main", "mail-policy",
          "config-service/quarkus", "config-service",
          "cert-service/quarkus", "cert-service",
          "mail-supervisor/quarkus", "mail-supervisor",
          "web-service/quarkus", "web-service",
          "together/quarkus", "services and broker together");

  /**
   * One of them.
   *
   * @param group which of the stack's parts it belongs to
   * @param folder what the kernel tells of it (proc(5))
   */
  record Member(String group, Path folder) {}

  /** Those that run now, without what ends meanwhile. */
  List<Member> all() {
    var members = new ArrayList<Member>();
    StackState.running(state).flatMap(stack -> ProcessHandle.of(stack.pid())).stream()
        .flatMap(own -> Stream.concat(Stream.of(own), own.descendants()))
        .forEach(
            process -> {
              var folder = Path.of("/proc/" + process.pid());
              try {
                members.add(new Member(group(folder), folder));
              } catch (IOException gone) {
                // It ended meanwhile.
                return;
              }
            });
    return members;
  }

  private static String group(Path process) throws IOException {
    var command = Files.readString(process.resolve("cmdline"));
    for (var known : GROUPS.entrySet()) {
      if (command.contains(known.getKey())) {
        return known.getValue();
      }
    }
    var program = Files.readSymbolicLink(process.resolve("exe")).toString();
    return Stream.of("postfix", "dovecot", "nginx")
        .filter(program::contains)
        .findFirst()
        .orElse(program);
  }
}
