package dev.postbus.supervision;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends a process group whose number is small, as in a container; exit code 0 if it has ended. */
final class SmallNumbers {
  private SmallNumbers() {}

  public static void main(String[] args) throws Exception {
    var group = new ProcessBuilder(List.of("setsid", "sleep", "60")).inheritIO().start();
    // Time to become a group of its own.
    while (ProcessTable.membersOf(group.pid()).isEmpty()) {
      Signals.pause(java.time.Duration.ofMillis(5));
    }
    System.out.println("group " + group.pid());
    var sent = Signals.sendToGroup("TERM", group.pid());
    System.exit(sent && group.waitFor(10, TimeUnit.SECONDS) ? 0 : 3);
  }
}
