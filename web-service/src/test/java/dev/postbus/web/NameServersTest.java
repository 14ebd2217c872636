package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameServersTest {
  @TempDir Path folder;

  @Test
  void areWrittenAsNginxReadsThem() throws IOException {
    var file = folder.resolve("resolv.conf");
    Files.writeString(
        file,
        """
        # made by somebody
        search example.org
        nameserver 127.0.0.11
        nameserver  2001:db8::53
        nameserver fe80::1%eth0
        nameserver
        options ndots:0
        """);

    assertThat(NameServers.of(file)).containsExactly("127.0.0.11", "[2001:db8::53]");
  }

  @Test
  void withoutOneThereIsAnErrorThatSaysWhatToDo() throws IOException {
    var file = Files.writeString(folder.resolve("resolv.conf"), "search example.org\n");

    assertThatThrownBy(() -> NameServers.of(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("addresses");
  }
}
