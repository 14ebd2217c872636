package dev.postbus.deploy.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the stack's supervising process says about itself, in {@code run/stack.json}.
 *
 * @param pid that process
 * @param startedAt when it started
 * @param settings what it runs
 * @param services the services as processes
 */
public record StackState(
    long pid, Instant startedAt, StackSettings settings, List<Service> services) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  /** Copies the list. */
  public StackState {
    services = List.copyOf(services);
  }

  /** One service's process. */
  public record Service(
      String name,
      String state,
      @Nullable Long pid,
      Instant since,
      int restarts,
      @Nullable String detail) {}

  /** The state of a running stack; empty if none runs on this folder. */
  public static Optional<StackState> running(Path state) {
    var file = file(state);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var read = JSON.readValue(file.toFile(), StackState.class);
      return isStack(read.pid()) ? Optional.of(read) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(Path state) {
    try {
      var fresh = file(state).resolveSibling("stack.json.new");
      Files.write(fresh, JSON.writeValueAsBytes(this));
      Files.move(fresh, file(state), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file(state), e);
    }
  }

  /** A pid may be somebody else's by now: its command line tells. */
  private static boolean isStack(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"))
          .contains(StackProgram.class.getName());
    } catch (IOException gone) {
      return false;
    }
  }

  private static Path file(Path state) {
    return state.resolve("run/stack.json");
  }
}
