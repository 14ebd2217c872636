package dev.postbus.realclient;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client of JSON-RPC 2.0, an object a line in each direction. Calls may be made by any number of
 * threads; answers come in any order.
 */
final class JsonRpc {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InputStream in;
  private final OutputStream out;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private volatile boolean ended;

  private JsonRpc(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Speaks over two streams until the first one ends. */
  static JsonRpc over(InputStream in, OutputStream out) {
    var rpc = new JsonRpc(in, out);
    // Not a virtual one: a pipe keeps its carrier.
    Thread.ofPlatform().daemon().name("json-rpc").start(rpc::listen);
    return rpc;
  }

  /**
   * Calls a method.
   *
   * @param seconds how long to wait for the answer
   * @throws IOException if the other side answers with an error, goes away, or does not answer; the
   *     message names the method and never its parameters
   */
  JsonNode call(long seconds, String method, @Nullable Object... parameters)
      throws IOException, InterruptedException {
    var id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    waiting.put(id, answer);
    try {
      send(id, method, parameters);
      if (ended) {
        // It may have ended between the look of its reader at who waits, and our waiting.
        throw new IOException(method + ": the other side has ended");
      }
      return result(method, answer.get(seconds, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      throw new IOException(method + ": " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException(method + ": no answer in " + seconds + " s", e);
    } finally {
      waiting.remove(id);
    }
  }

  private void send(long id, String method, @Nullable Object[] parameters) throws IOException {
    var request = JSON.createObjectNode();
    request.put("jsonrpc", "2.0").put("id", id).put("method", method);
    request.set("params", JSON.valueToTree(parameters));
    var line = (JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      out.write(line);
      out.flush();
    }
  }

  private static JsonNode result(String method, JsonNode answer) throws IOException {
    var error = answer.path("error");
    if (!error.isMissingNode()) {
      throw new IOException(method + ": " + error.path("message").asText("an error"));
    }
    return answer.path("result");
  }

  private void listen() {
    Exception reason = new IOException("the other side has ended");
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (JsonProcessingException e) {
      // Its message holds the line, which may hold anything.
      reason = new IOException("the other side does not speak JSON-RPC");
    } catch (IOException e) {
      reason = e;
    }
    ended = true;
    for (var call : waiting.values()) {
      call.completeExceptionally(reason);
    }
  }

  private void take(String line) throws JsonProcessingException {
    var answer = JSON.readTree(line);
    var call = waiting.get(answer.path("id").asLong());
    // Nobody waits any more for an answer that took too long.
    if (call != null) {
      call.complete(answer);
    }
  }
}
