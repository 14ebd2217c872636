package dev.postbus.realclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JsonRpcTest {
  private static final int SECONDS = 20;

  private final PipedOutputStream peerOut = new PipedOutputStream();
  private final PipedInputStream peerIn = new PipedInputStream();
  private BufferedReader requests;
  private JsonRpc rpc;

  @BeforeEach
  void connect() throws IOException {
    rpc = JsonRpc.over(new PipedInputStream(peerOut), new PipedOutputStream(peerIn));
    requests = new BufferedReader(new InputStreamReader(peerIn, UTF_8));
  }

  @Test
  void aCallIsALine() throws Exception {
    // When a method is called with parameters of several kinds
    var call = background(() -> rpc.call(SECONDS, "join", 7, "a \"code\"\nin two lines", null));
    var line = requests.readLine();

    // Then the whole request is one line, by the standard
    var request = new ObjectMapper().readTree(line);
    assertThat(request.path("jsonrpc").asText()).isEqualTo("2.0");
    assertThat(request.path("method").asText()).isEqualTo("join");
    assertThat(request.path("params").toString())
        .isEqualTo("[7,\"a \\\"code\\\"\\nin two lines\",null]");
    answer("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":12}", request.path("id").asLong());
    assertThat(call.get(SECONDS, TimeUnit.SECONDS).asInt()).isEqualTo(12);
  }

  @Test
  void answersMayComeInAnotherOrder() throws Exception {
    // Given two calls that wait
    var first = background(() -> rpc.call(SECONDS, "first"));
    var firstId = nextId();
    var second = background(() -> rpc.call(SECONDS, "second"));
    var secondId = nextId();

    // When the later one is answered first
    answer("{\"id\":%d,\"result\":\"two\"}", secondId);
    answer("{\"id\":%d,\"result\":\"one\"}", firstId);

    // Then each has its own answer
    assertThat(first.get(SECONDS, TimeUnit.SECONDS).asText()).isEqualTo("one");
    assertThat(second.get(SECONDS, TimeUnit.SECONDS).asText()).isEqualTo("two");
  }

  @Test
  void anErrorNamesTheMethodAndNoParameter() throws Exception {
    var call = background(() -> rpc.call(SECONDS, "configure", "a password"));
    answer("{\"id\":%d,\"error\":{\"code\":-1,\"message\":\"no network\"}}", nextId());

    assertThatThrownBy(() -> call.get(SECONDS, TimeUnit.SECONDS))
        .cause()
        .hasMessage("configure: no network");
  }

  @Test
  void theEndOfThePeerEndsACallAtOnce() throws Exception {
    // Given a call that waits
    var call = background(() -> rpc.call(SECONDS, "get_next_event_batch"));
    nextId();

    // When the peer goes
    peerOut.close();

    // Then it and every later one fail
    assertThatThrownBy(() -> call.get(SECONDS / 2, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("get_next_event_batch: ")
        .hasMessageContaining("has ended");
    assertThatThrownBy(() -> rpc.call(SECONDS, "later"))
        .hasMessage("later: the other side has ended");
  }

  @Test
  void whatIsNotJsonEndsTheCallsWithoutBeingRepeated() throws Exception {
    var call = background(() -> rpc.call(SECONDS, "get_info"));
    nextId();
    peerOut.write("panicked at a secret\n".getBytes(UTF_8));
    peerOut.flush();

    assertThatThrownBy(() -> call.get(SECONDS / 2, TimeUnit.SECONDS))
        .cause()
        .hasMessageContaining("does not speak JSON-RPC")
        .hasMessageNotContaining("secret");
  }

  @Test
  void noAnswerInTimeIsAnError() {
    assertThatThrownBy(() -> rpc.call(0, "sleep")).hasMessage("sleep: no answer in 0 s");
  }

  private static Future<JsonNode> background(Callable<JsonNode> call) {
    return Executors.newVirtualThreadPerTaskExecutor().submit(call);
  }

  private long nextId() throws IOException {
    return new ObjectMapper().readTree(requests.readLine()).path("id").asLong();
  }

  private void answer(String json, long id) throws IOException {
    peerOut.write((json.formatted(id) + "\n").getBytes(UTF_8));
    peerOut.flush();
  }
}
