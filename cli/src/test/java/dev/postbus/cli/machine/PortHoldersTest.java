package dev.postbus.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortHoldersTest {
  @Test
  void namesWhoListens() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = socket.getLocalPort();

      var taken = PortHolders.taken(Map.of("tests", port));

      assertThat(taken)
          .containsExactly(
              "port %d (tests) is taken by process %d (java)"
                  .formatted(port, ProcessHandle.current().pid()));
    }
  }

  @Test
  void saysNothingOfFreePorts() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(PortHolders.taken(Map.of("tests", port))).isEmpty();
  }
}
