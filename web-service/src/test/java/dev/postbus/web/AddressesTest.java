package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which of a machine's addresses the real nginx answers at. */
class AddressesTest {
  private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");

  @Test
  void bothKindsOfAddressesAreListenedAtUnlessIpv6IsSwitchedOff() throws Exception {
    try (var nginx = RunningNginx.start("*", Map.of())) {
      for (int port : new int[] {nginx.ports().http(), nginx.ports().https()}) {
        connect(InetAddress.ofLiteral("127.0.0.1"), port);
        connect(IPV6, port);
      }

      nginx.change(Map.of("disable_ipv6", "true"));

      for (int port : new int[] {nginx.ports().http(), nginx.ports().https()}) {
        connect(InetAddress.ofLiteral("127.0.0.1"), port);
        assertThatThrownBy(() -> connect(IPV6, port)).isInstanceOf(ConnectException.class);
      }
    }
  }

  private static void connect(InetAddress address, int port) throws IOException {
    try (var socket = new Socket(address, port)) {
      assertThat(socket.isConnected()).isTrue();
    }
  }
}
