package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * From the start of a stack to the first successful login, and until all of it serves, in seconds:
 * after an orderly end, and after a kill -9 of every process.
 *
 * @param state the stack's folder
 * @param runs of each
 */
record StartTimes(Path state, int runs) implements Measurement {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    series("start after down", stack -> new StackControl(state).stop(stack), target, results);
    series("start after kill -9", StartTimes::killAll, target, results);
  }

  private void series(String what, Consumer<StackState> end, Target target, Recorder results)
      throws IOException, InterruptedException {
    var logins = new ArrayList<Double>();
    var serving = new ArrayList<Double>();
    var account = Account.fresh(target.domain());
    for (int i = 0; i < runs; i++) {
      var stack = StackState.running(state).orElseThrow();
      end.accept(stack);
      var began = System.nanoTime();
      var login = Thread.ofVirtual().start(() -> logins.add(firstLogin(target, account, began)));
      new StackControl(state).start(stack.settings(), step -> {});
      serving.add(secondsSince(began));
      login.join();
    }
    results.series(what + ": first login", "s", logins);
    results.series(what + ": all serve", "s", serving);
  }

  private static double firstLogin(Target target, Account account, long began) {
    while (secondsSince(began) < LONGEST.toSeconds()) {
      try (var imap = ImapSession.logIn(target, account)) {
        imap.logOut();
        return secondsSince(began);
      } catch (IOException notYet) {
        StackControl.pause(Duration.ofMillis(10));
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static void killAll(StackState stack) {
    var all = new ArrayList<ProcessHandle>();
    ProcessHandle.of(stack.pid())
        .ifPresent(
            own -> {
              all.add(own);
              own.descendants().forEach(all::add);
            });
    all.forEach(ProcessHandle::destroyForcibly);
    List.copyOf(all).forEach(process -> process.onExit().join());
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
