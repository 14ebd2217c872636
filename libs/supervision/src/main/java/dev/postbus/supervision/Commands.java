package dev.postbus.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs short commands, such as a daemon's own checker, with their output bounded and in time. */
public final class Commands {
  private static final int MOST_OUTPUT = 64 * 1024;

  private Commands() {}

  /**
   * What came of a command.
   *
   * @param exitCode its exit code
   * @param output standard output and error, at most 64 KiB of it
   */
  public record Result(int exitCode, String output) {
    /** Whether it exited with 0. */
    public boolean succeeded() {
      return exitCode == 0;
    }

    /** The end of what it said, if it failed. */
    public Optional<String> problem() {
      return succeeded()
          ? Optional.empty()
          : Optional.of(output.substring(Math.max(0, output.length() - 1000)));
    }
  }

  /**
   * Runs commands side by side, each as {@link #run} does.
   *
   * @return what the first of them that failed said
   */
  public static Optional<String> problem(List<List<String>> commands, Duration timeout) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results =
          commands.stream().map(command -> threads.submit(() -> run(command, timeout))).toList();
      return results.stream()
          .map(Commands::ended)
          .flatMap(result -> result.problem().stream())
          .findFirst();
    }
  }

  private static Result ended(Future<Result> command) {
    try {
      return command.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a command could not be run", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(130, "interrupted");
    }
  }

  /**
   * Runs a command to its end.
   *
   * @param command program and arguments; no shell is involved
   * @param timeout after this it is killed, and counts as failed with exit code 124
   * @return the exit code and output; 127 when the program cannot be run
   */
  public static Result run(List<String> command, Duration timeout) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
    } catch (IOException e) {
      return new Result(127, "cannot run " + command.getFirst() + ": " + e.getMessage());
    }
    var killer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException done) {
                    Thread.currentThread().interrupt();
                  }
                });
    try (var in = process.getInputStream()) {
      var output = new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8).strip();
      in.skip(Long.MAX_VALUE);
      var code = process.waitFor();
      return code == 137
          ? new Result(124, command.getFirst() + " did not end within " + timeout + " " + output)
          : new Result(code, output);
    } catch (IOException e) {
      return new Result(127, "cannot read the output of " + command.getFirst());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return new Result(130, "interrupted");
    } finally {
      killer.interrupt();
    }
  }
}
