package dev.postbus.supervision;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends signals to processes and to whole sessions. */
final class Signals {
  private static final Duration GRACE = Duration.ofMillis(300);

  private Signals() {}

  /** Signals one process; false when it is not there. */
  static boolean send(String signal, long pid) {
    return send(signal, List.of(Long.toString(pid)));
  }

  /** Signals a process group by its leader; false when it is not there. */
  static boolean sendToGroup(String signal, long leader) {
    return send(signal, List.of("-" + leader));
  }

  /** Ends whatever is left of a session: asks, and soon after insists. */
  static void endSession(long session) {
    if (ProcessTable.membersOf(session).isEmpty()) {
      return;
    }
    signalMembers("TERM", session);
    var deadline = System.nanoTime() + GRACE.toNanos();
    while (System.nanoTime() < deadline) {
      if (ProcessTable.membersOf(session).isEmpty()) {
        return;
      }
      pause(Duration.ofMillis(15));
    }
    signalMembers("KILL", session);
    while (!ProcessTable.membersOf(session).isEmpty()) {
      pause(Duration.ofMillis(5));
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a process", e);
    }
  }

  private static void signalMembers(String signal, long session) {
    var members = ProcessTable.membersOf(session);
    if (!members.isEmpty()) {
      send(signal, members.stream().map(String::valueOf).toList());
    }
  }

  private static boolean send(String signal, List<String> targets) {
    // The shell's own kill: that of procps takes a group below a hundred or so, as there are in
    // containers, for a signal, even behind "--".
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$0\" -- \"$@\"", signal));
    command.addAll(targets);
    try {
      var kill =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return kill.waitFor(5, TimeUnit.SECONDS) && kill.exitValue() == 0;
    } catch (IOException e) {
      throw new IllegalStateException("/bin/sh cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
