package dev.postbus.deploy.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a local stack is, remembered in its state folder from its first start on.
 *
 * @param domain the relay's domain
 * @param portOffset added to every port; 0 to 22000, so that none falls into the range from which
 *     the kernel takes ports for outgoing connections
 * @param shape which processes the services run in
 */
public record StackSettings(String domain, int portOffset, Shape shape) {
  /** The largest offset. */
  public static final int LARGEST_OFFSET = 22_000;

  private static final String FILE = "stack-settings.json";

  /** Validates. */
  public StackSettings {
    if (!domain.matches("[A-Za-z0-9._-]{1,253}")) {
      throw new IllegalArgumentException(
          "'" + domain + "' is not a domain: letters, digits, dots and hyphens");
    }
    if (portOffset < 0 || portOffset > LARGEST_OFFSET) {
      throw new IllegalArgumentException(
          "the port offset must be from 0 to " + LARGEST_OFFSET + ", not " + portOffset);
    }
  }

  /** Its ports. */
  public StackPorts ports() {
    return new StackPorts(portOffset, shape);
  }

  /** What the stack in a state folder was started with. */
  public static Optional<StackSettings> remembered(Path state) {
    var file = state.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectMapper().readValue(file.toFile(), StackSettings.class));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is damaged", e);
    }
  }

  /** Keeps them for the next start. */
  public void remember(Path state) {
    try {
      Files.createDirectories(state);
      var fresh = state.resolve(FILE + ".new");
      Files.write(fresh, new ObjectMapper().writeValueAsBytes(this));
      Files.move(fresh, state.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the state folder " + state, e);
    }
  }
}
