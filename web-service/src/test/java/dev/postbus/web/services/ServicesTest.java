package dev.postbus.web.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "mail-supervisor", "a b:1", "host:1/path?", "user@host:9103"})
  void whereAServiceAnswersNeedsAHostAndAPort(String address) {
    assertThatThrownBy(() -> services(address))
        .hasMessageContaining("POSTBUS_MAIL_HTTP must be HOST:PORT");
  }

  @Test
  void whoAcceptsAndSaysNothingIsNotWaitedForLongerThanOneWants() throws IOException {
    try (var silent = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
      var impatient = services("127.0.0.1:" + silent.getLocalPort()).within(Duration.ofMillis(100));

      assertThatThrownBy(() -> impatient.get(Service.MAIL, "/mail/status"))
          .isInstanceOf(ServiceAway.class)
          .hasMessage("mail-supervisor does not answer");
      assertThatThrownBy(() -> impatient.send(Service.MAIL, "PATCH", "/mail", Map.of()))
          .isInstanceOf(ServiceAway.class);
    }
  }

  @Test
  void whyAServiceRefusesIsAnAnswerAndThatItCannotIsNone() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            var body = "{\"problems\":[{\"message\":\"no\"}]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try {
      var services = services("127.0.0.1:" + server.getAddress().getPort());

      assertThat(services.get(Service.MAIL, "/422").problems()).containsExactly("no");
      assertThat(services.send(Service.MAIL, "PATCH", "/403", Map.of()).good()).isFalse();
      for (var path : new String[] {"/401", "/500", "/503"}) {
        assertThatThrownBy(() -> services.get(Service.MAIL, path))
            .isInstanceOf(ServiceAway.class)
            .hasMessage("mail-supervisor cannot answer (status " + path.substring(1) + ")");
      }
    } finally {
      server.stop(0);
    }
  }

  private static Services services(String address) {
    return new Services(Map.of(Service.MAIL, address), Optional.empty());
  }
}
