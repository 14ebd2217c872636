package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameServersTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file =
        Files.writeString(
            folder.resolve("resolv.conf"),
            """
            # nameserver 192.0.2.9
            search example.org
            nameserver 127.0.0.11
            nameserver\t2001:db8::53
            nameserver fe80::1%eth0
            """);
  }

  @Test
  void thoseOfTheMachineAreAskedForNames() throws IOException {
    assertThat(NameServers.of(List.of("127.0.0.1:993", "cert-service:9102"), file))
        .isEqualTo("127.0.0.11 [2001:db8::53]");
  }

  @Test
  void nobodyIsAskedForAddresses() throws IOException {
    assertThat(NameServers.of(List.of("127.0.0.1:993", "[::1]:9102"), file)).isEmpty();
    assertThat(NameServers.of(List.of("mail:993"), folder.resolve("none"))).isEmpty();
  }
}
