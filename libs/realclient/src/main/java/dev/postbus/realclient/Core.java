package dev.postbus.realclient;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running core: a device with any number of accounts, in a folder that ends with it. */
public final class Core implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final long FOREVER = 1_000_000;
  private static final long END_SECONDS = 10;

  private final Process process;
  private final Path folder;
  private final JsonRpc rpc;
  private final EventLog events = new EventLog();

  private Core(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
    this.rpc = JsonRpc.over(process.getInputStream(), process.getOutputStream());
  }

  /**
   * Starts one.
   *
   * @param command the core's program, with what it is to be started by before it
   */
  public static Core start(List<String> command) throws IOException {
    var folder = Files.createTempDirectory("postbus-deltachat-");
    var builder = new ProcessBuilder(command);
    builder.environment().put("DC_ACCOUNTS_PATH", folder.resolve("accounts").toString());
    builder.environment().put("RUST_LOG", "error");
    builder.redirectError(new File("/dev/null"));
    try {
      var core = new Core(builder.start(), folder);
      Thread.ofVirtual().name("core-events").start(core::listen);
      return core;
    } catch (IOException e) {
      delete(folder);
      throw e;
    }
  }

  /**
   * Calls one of its methods, waiting a minute for the answer.
   *
   * @throws IOException if the core refuses, says why, or goes away; the message names the method
   *     and never its parameters
   */
  public JsonNode call(String method, @Nullable Object... parameters)
      throws IOException, InterruptedException {
    return rpc.call(PATIENCE_SECONDS, method, parameters);
  }

  /** All that it told. */
  public EventLog events() {
    return events;
  }

  private void listen() {
    try {
      while (true) {
        var batch = rpc.call(FOREVER, "get_next_event_batch");
        var now = System.nanoTime();
        batch.forEach(event -> events.add(CoreEvent.of(now, event)));
      }
    } catch (IOException ended) {
      // Whoever waits for an event is told by its own time limit, callers at once.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the core and removes all that it kept. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (var path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
