package dev.postbus.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PortsCheckTest {
  private ServerSocket socket;
  private Map<String, Integer> ports;

  @BeforeEach
  void hold() throws Exception {
    socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    ports = Map.of("SMTP", socket.getLocalPort());
  }

  @AfterEach
  void free() throws Exception {
    socket.close();
  }

  @Test
  void aHeldPortIsAProblemWithItsHolder() {
    var found = Found.only(Level.PROBLEM, new PortsCheck(ports, Optional.empty()).look());

    assertThat(found.message())
        .isEqualTo(
            "port %d (SMTP) is taken by process %d (java)"
                .formatted(socket.getLocalPort(), ProcessHandle.current().pid()));
    assertThat(found.next()).contains("--port-offset");
  }

  @Test
  void theRelayItselfMayHoldIt() {
    var self = ProcessHandle.current();
    var parent = self.parent().orElseThrow();

    for (var stack : new ProcessHandle[] {self, parent}) {
      var found = Found.only(Level.OK, new PortsCheck(ports, Optional.of(stack.pid())).look());

      assertThat(found.message()).isEqualTo("the relay holds 1 of its 1 ports");
    }
  }

  @Test
  void somebodyElseMayNotWhileItRuns() throws Exception {
    var other = new ProcessBuilder("sleep", "60").start();
    try {
      Found.only(Level.PROBLEM, new PortsCheck(ports, Optional.of(other.pid())).look());
    } finally {
      other.destroy();
    }
  }

  @Test
  void freePortsAreRight() throws Exception {
    socket.close();

    Found.only(Level.OK, new PortsCheck(ports, Optional.empty()).look());
  }
}
