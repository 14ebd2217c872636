package dev.postbus.supervision;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A helper that is spoken to over its standard input and output, without privileges: no
 * capabilities, and no way to new ones. It must end when its input does, and so ends with whoever
 * started it. What it writes on standard error is thrown away: it may hold what it was given.
 */
public final class PipedProcess implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final Process process;

  private PipedProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a helper.
   *
   * @param command program and arguments; no shell is involved
   * @param account who it runs as; null for the user of this process
   * @throws IOException if it cannot be started
   */
  public static PipedProcess start(List<String> command, @Nullable Account account)
      throws IOException {
    var line = new ArrayList<>(List.of("setpriv"));
    if (account != null) {
      line.addAll(
          List.of("--reuid", "" + account.uid(), "--regid", "" + account.gid(), "--clear-groups"));
    }
    line.addAll(List.of("--inh-caps", "-all", "--ambient-caps", "-all", "--no-new-privs", "--"));
    line.addAll(command);
    var builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
    var path = builder.environment().get("PATH");
    builder.environment().clear();
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("PATH", path == null ? "/usr/bin:/bin" : path);
    return new PipedProcess(builder.start());
  }

  /** What it says. */
  public InputStream output() {
    return process.getInputStream();
  }

  /** What is said to it. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it at once; who reads its output finds the end of it. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Ends its input, and it with that. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (IOException gone) {
      kill();
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
