package dev.postbus.supervision;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One running program: leader of a session of its own, with its output read by line. */
final class ChildProcess {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int KEPT_LINES = 20;

  private final Process process;
  private final ArrayDeque<String> lastLines = new ArrayDeque<>();

  private ChildProcess(Process process, String name, Consumer<String> lines) {
    this.process = process;
    // Not a virtual thread: reading a pipe keeps its carrier, and with a few quiet children there
    // would be none left for anything else.
    Thread.ofPlatform()
        .name("output-" + name)
        .daemon()
        .start(() -> read(process.getInputStream(), lines));
  }

  /** Must be called on a thread that lives as long as the child may: see {@link Supervisor}. */
  static ChildProcess spawn(ProcessDescription description, Consumer<String> lines)
      throws IOException {
    var builder =
        new ProcessBuilder(commandLine(description))
            .directory(description.workingDirectory().toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    var environment = builder.environment();
    environment.clear();
    environment.putAll(
        Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    environment.put("LANG", "C.UTF-8");
    environment.putAll(description.environment());
    return new ChildProcess(builder.start(), description.name(), lines);
  }

  private static List<String> commandLine(ProcessDescription description) {
    // setsid: a session of its own, so that the whole of it can be signalled and none of it hears
    // the terminal's Ctrl-C. The parent-death signal: until the guard knows of it, and faster.
    // Signals as usual: under nohup, children would begin with SIGHUP ignored and never reload.
    var line =
        new ArrayList<>(
            List.of("setsid", "--", "env", "--default-signal", "setpriv", "--pdeathsig", "TERM"));
    var account = description.runAs();
    if (account != null) {
      line.addAll(List.of("--reuid", "" + account.uid(), "--regid", "" + account.gid()));
      if (account.groups().isEmpty()) {
        line.add("--clear-groups");
      } else {
        var groups = account.groups().stream().map(String::valueOf).toList();
        line.addAll(List.of("--groups", String.join(",", groups)));
      }
      if (!account.capabilities().isEmpty()) {
        var added = "+" + String.join(",+", account.capabilities());
        line.addAll(List.of("--inh-caps", added, "--ambient-caps", added));
      }
    }
    if (!description.newPrivileges()) {
      line.add("--no-new-privs");
    }
    line.add("--");
    line.addAll(description.command());
    return line;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Completes with the exit code; 128 plus its number for a signal. */
  CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** The last lines that it wrote, oldest first. */
  List<String> lastLines(int most) {
    synchronized (lastLines) {
      var all = new ArrayList<>(lastLines);
      return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }
  }

  private void read(InputStream output, Consumer<String> lines) {
    var line = new ByteArrayOutputStream();
    try (var in = new BufferedInputStream(output)) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.write(b);
        }
        if (b == '\n' || line.size() >= LONGEST_LINE) {
          take(line, lines);
        }
      }
    } catch (IOException closed) {
      // The pipe breaks when the process is killed: what came before counts.
    }
    if (line.size() > 0) {
      take(line, lines);
    }
  }

  private void take(ByteArrayOutputStream bytes, Consumer<String> lines) {
    var line = bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    bytes.reset();
    synchronized (lastLines) {
      lastLines.addLast(line);
      if (lastLines.size() > KEPT_LINES) {
        lastLines.removeFirst();
      }
    }
    lines.accept(line);
  }
}
