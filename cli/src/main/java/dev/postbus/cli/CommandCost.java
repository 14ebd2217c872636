package dev.postbus.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a run of this command itself cost.
 *
 * @param seconds from its start to its end
 * @param peakMegabytes the most memory that its process had resident (VmHWM of proc_pid_status(5))
 * @param exitCode how it ended, -1 if it had to be killed
 */
record CommandCost(double seconds, double peakMegabytes, int exitCode) {
  private static final long LONGEST_MINUTES = 10;
  private static final long LOOK_MILLIS = 20;

  /** Runs a command on a stack, and throws away what it prints. */
  static CommandCost of(Path state, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(StateOption.home().resolve("postbus").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--state", state.toString()));
    var began = System.nanoTime();
    var process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      var peak = 0.0;
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peakOf(process.pid()));
        if (secondsSince(began) > TimeUnit.MINUTES.toSeconds(LONGEST_MINUTES)) {
          return new CommandCost(secondsSince(began), peak, -1);
        }
      }
      return new CommandCost(secondsSince(began), peak, process.exitValue());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static double peakOf(long pid) {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
        }
      }
      return 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
