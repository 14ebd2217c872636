package dev.postbus.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whom nginx asks for names of other services while it runs. By itself it would look them up once,
 * refuse to start without an answer, and keep to an address that may be another's later.
 */
final class NameServers {
  static final Path SYSTEM = Path.of("/etc/resolv.conf");

  private static final String LITERAL = "[0-9.]+:\\d+|\\[[0-9a-fA-F:.]+\\]:\\d+";

  private NameServers() {}

  /**
   * As nginx's directive has them; empty if no name has to be looked up, or nobody can be asked.
   *
   * @param peers HOST:PORT of each
   * @param configuration in the form of resolv.conf(5)
   */
  static String of(List<String> peers, Path configuration) throws IOException {
    if (peers.stream().allMatch(peer -> peer.matches(LITERAL)) || !Files.exists(configuration)) {
      return "";
    }
    return Files.readAllLines(configuration).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        // Not those with a zone: nginx knows none.
        .filter(words -> words[1].matches("[0-9a-fA-F:.]+"))
        .map(words -> words[1].contains(":") ? "[" + words[1] + "]" : words[1])
        .collect(Collectors.joining(" "));
  }
}
