package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.testing.FreePort;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The way through the real nginx to an iroh relay, in whose place a WebSocket server stands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IrohRelayTest {
  private static final int LONG_SECONDS = 20;

  private Vertx vertx;
  private HttpServer relay;
  private RunningNginx nginx;

  @BeforeAll
  void start() throws Exception {
    vertx = Vertx.vertx();
    relay =
        vertx
            .createHttpServer()
            .requestHandler(IrohRelayTest::answer)
            .webSocketHandler(
                socket -> socket.binaryMessageHandler(said -> socket.writeBinaryMessage(said)))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(LONG_SECONDS, TimeUnit.SECONDS);
    nginx = RunningNginx.start(Map.of(), iroh("127.0.0.1:" + relay.actualPort()));
  }

  private static Peers iroh(String relay) {
    return new Peers(
        "127.0.0.1", "127.0.0.1:1", "127.0.0.1:1", Optional.of(relay), Optional.empty());
  }

  private static void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/ping" -> request.response().end("pong for " + request.authority());
      case "/generate_204" -> request.response().setStatusCode(204).end();
      default ->
          request
              .response()
              .setStatusCode(426)
              .end("upgrade " + request.getHeader("Upgrade") + request.getHeader("Connection"));
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (nginx != null) {
      nginx.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(LONG_SECONDS, TimeUnit.SECONDS);
  }

  /** What a WebSocket hears. */
  private static final class Heard implements WebSocket.Listener {
    final BlockingQueue<ByteBuffer> messages = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      messages.add(data);
      return WebSocket.Listener.super.onBinary(socket, data, last);
    }
  }

  @Test
  void aClientStaysConnectedByAWebSocket() throws Exception {
    var heard = new Heard();
    var address = URI.create("wss://127.0.0.1:" + nginx.ports().https() + "/relay");
    try (var client = RunningNginx.client("127.0.0.1")) {
      var socket =
          client
              .newWebSocketBuilder()
              .buildAsync(address, heard)
              .get(LONG_SECONDS, TimeUnit.SECONDS);

      for (byte i = 1; i <= 3; i++) {
        socket
            .sendBinary(ByteBuffer.wrap(new byte[] {i, 0, -1}), true)
            .get(LONG_SECONDS, TimeUnit.SECONDS);
        assertThat(heard.messages.poll(LONG_SECONDS, TimeUnit.SECONDS))
            .isEqualTo(ByteBuffer.wrap(new byte[] {i, 0, -1}));
      }
      socket.abort();
    }
  }

  @Test
  void whetherItIsReachedIsAnswered() throws Exception {
    assertThat(nginx.get("/ping").body()).isEqualTo("pong for 127.0.0.1");
    assertThat(nginx.get("/generate_204").statusCode()).isEqualTo(204);
    assertThat(nginx.get("/relay").body()).isEqualTo("upgrade nullnull");
    assertThat(nginx.get("/relays").statusCode()).isEqualTo(404);
    try (var client = RunningNginx.client("127.0.0.1")) {
      var post = nginx.request("/ping").POST(HttpRequest.BodyPublishers.ofString("x")).build();
      assertThat(
              client.send(post, java.net.http.HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void whileItIsAwayTheRestGoesOn() throws Exception {
    var away = "127.0.0.1:" + FreePort.any();
    try (var without = RunningNginx.start(Map.of(), iroh(away))) {
      assertThat(without.get("/relay").statusCode()).isEqualTo(502);
      assertThat(without.get("/info").statusCode()).isEqualTo(200);
    }
  }
}
