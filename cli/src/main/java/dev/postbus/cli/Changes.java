package dev.postbus.cli;

import dev.postbus.deploy.local.StackPorts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a running stack that measurements make; closing takes back what would stay of them.
 */
final class Changes implements AutoCloseable {
  private static final String KEY = "max_message_size";
  private static final int SMALLEST = 31_000_000;
  private static final int RANGE = 400_000;

  private final StackPorts ports;
  private final Rest rest = new Rest();
  private final @Nullable String before;
  private int size = SMALLEST;

  private Changes(StackPorts ports, @Nullable String before) {
    this.ports = ports;
    this.before = before;
  }

  /** Looks what the operator has set. */
  static Changes of(StackPorts ports) {
    var value =
        new Rest().get("config-service", ports.config(), "/config").json().path("values").path(KEY);
    var isSet = value.path("layer").asText().equals("operator");
    return new Changes(ports, isSet ? value.path("value").asText() : null);
  }

  /** Sets the limit of messages to another value than before: what is set already is no change. */
  void setSize() throws IOException {
    size = SMALLEST + (size + 1 - SMALLEST) % RANGE;
    if (Integer.toString(size).equals(before)) {
      size++;
    }
    patch(Map.of(KEY, Integer.toString(size)), List.of());
  }

  /** Has a new certificate made. */
  void renew() throws IOException {
    expectDone(
        rest.send(
            "cert-service",
            ports.cert(),
            "POST",
            "/cert/renew",
            Rest.JSON.writeValueAsBytes(Map.of())));
  }

  private void patch(Map<String, String> set, List<String> unset) throws IOException {
    var body = Rest.JSON.writeValueAsBytes(Map.of("set", set, "unset", unset, "actor", "bench"));
    expectDone(rest.send("config-service", ports.config(), "PATCH", "/config", body));
  }

  private static void expectDone(Rest.Answer answer) {
    if (answer.status() >= 300) {
      throw new Failure("refused: " + answer.text());
    }
  }

  /** Sets again what the operator had set, or unsets it if that was nothing. */
  @Override
  public void close() throws IOException {
    // Also when whoever closes has been interrupted: the request would end at once.
    var interrupted = Thread.interrupted();
    try {
      if (before == null) {
        patch(Map.of(), List.of(KEY));
      } else {
        patch(Map.of(KEY, before), List.of());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
