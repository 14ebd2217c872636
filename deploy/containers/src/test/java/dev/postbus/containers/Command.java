package dev.postbus.containers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
final class Command {
  /** The root of the checkout. */
  static final Path HOME = Path.of("../..").toAbsolutePath().normalize();

  private Command() {}

  /**
   * What came of it.
   *
   * @param output both streams
   */
  record Result(int code, String output) {
    Result succeeded() {
      if (code != 0) {
        throw new AssertionError("exit code " + code + ": " + output);
      }
      return this;
    }
  }

  static Result run(Duration longest, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    var output = Files.createTempFile("command", ".out");
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(HOME.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "not done after %d s: %s%n%s"
                .formatted(longest.toSeconds(), command, Files.readString(output)));
      }
      return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
  }
}
