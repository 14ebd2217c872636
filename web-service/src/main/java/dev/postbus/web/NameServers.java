package dev.postbus.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The name servers that nginx asks for the addresses of {@link Peers}. */
final class NameServers {
  private static final Path MACHINE = Path.of("/etc/resolv.conf");

  private NameServers() {}

  /**
   * Those of this machine or container, as nginx writes them.
   *
   * @throws IOException if there is none, with the next step
   */
  static List<String> ofMachine() throws IOException {
    return of(MACHINE);
  }

  static List<String> of(Path resolvConf) throws IOException {
    var servers =
        Files.readAllLines(resolvConf).stream()
            .map(line -> line.strip().split("\\s+"))
            .filter(words -> words.length > 1 && words[0].equals("nameserver"))
            .map(words -> words[1])
            // An address of one link alone is nothing that nginx could use.
            .filter(address -> address.matches("[0-9a-fA-F.:]+"))
            .map(address -> address.contains(":") ? "[" + address + "]" : address)
            .toList();
    if (servers.isEmpty()) {
      throw new IOException(
          resolvConf
              + " names no name server: give other services' addresses instead of their names");
    }
    return servers;
  }
}
