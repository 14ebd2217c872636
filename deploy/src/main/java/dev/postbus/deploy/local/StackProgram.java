package dev.postbus.deploy.local;

import dev.postbus.applier.ProcessReporter;
import dev.postbus.events.OutboxWriter;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/**
 * The process above all others of a local stack: {@code StackProgram STATE PROGRAMS [TRAINING]}. It
 * runs until it is asked to end, and then ends everything first.
 */
public final class StackProgram {
  /** Under which its events are published. */
  static final String NAME = "local-stack";

  private final Path state;
  private final StackSettings settings;
  private final Instant startedAt = Instant.now();
  private volatile @Nullable Supervisor current;

  private StackProgram(Path state, StackSettings settings) {
    this.state = state;
    this.settings = settings;
  }

  /**
   * Runs the stack.
   *
   * @param args the state folder, with remembered settings; the folder of staged programs; in a
   *     training run, the folder for the caches made in it
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: StackProgram STATE PROGRAMS [TRAINING]");
      System.exit(2);
    }
    quietLogs();
    var state = Path.of(args[0]);
    var settings =
        StackSettings.remembered(state)
            .orElseThrow(() -> new IllegalStateException("no settings in " + state));
    var training = args.length == 3 ? Path.of(args[2]) : null;
    new StackProgram(state, settings).run(new JavaCommand(Path.of(args[1]), training));
  }

  private static void quietLogs() throws IOException {
    try (var in = StackProgram.class.getResourceAsStream("/stack-logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    }
  }

  private void run(JavaCommand java) throws IOException, InterruptedException {
    prepareFolders();
    try (var channel =
            FileChannel.open(
                state.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock == null) {
        System.err.println("another stack runs on " + state);
        System.exit(1);
      }
      supervise(java);
    }
  }

  private void supervise(JavaCommand java) throws InterruptedException {
    var logs = new ServiceLogs(state.resolve("log"));
    var ended = new CountDownLatch(1);
    var reporter =
        new ProcessReporter(new OutboxWriter(NAME, state.resolve(Shape.OUTBOX), Clock.systemUTC()));
    var listener =
        new SupervisorListener() {
          @Override
          public void transition(ProcessStatus before, ProcessStatus after) {
            System.out.printf(
                "%s %s: %s -> %s %s%n",
                after.since(),
                after.name(),
                before.state().label(),
                after.state().label(),
                after.detail() == null ? "" : after.detail());
            write(current);
            reporter.transition(before, after);
          }

          @Override
          public void line(String process, String line) {
            logs.line(process, line);
          }
        };
    // A training run must not touch what an operator's variables name, such as the ini file.
    var variables = java.training() == null ? System.getenv() : Map.<String, String>of();
    var supervisor =
        new Supervisor(
            settings.shape().processes(state, java, settings, variables),
            listener,
            state.resolve("run"),
            Clock.systemUTC());
    current = supervisor;
    write(supervisor);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  supervisor.close();
                  reporter.close();
                  ended.countDown();
                },
                "stop"));
    supervisor.start();
    ended.await();
  }

  private void write(@Nullable Supervisor supervisor) {
    if (supervisor == null) {
      return;
    }
    var services =
        supervisor.status().stream()
            .map(
                s ->
                    new StackState.Service(
                        s.name(), s.state().label(), s.pid(), s.since(), s.restarts(), s.detail()))
            .toList();
    new StackState(ProcessHandle.current().pid(), startedAt, settings, services).write(state);
  }

  private void prepareFolders() throws IOException {
    for (var folder : StateFolder.ALL) {
      make(folder.in(state), folder.mode());
    }
  }

  private void make(Path folder, String mode) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    var owner = settings.shape().ownerOf(String.valueOf(folder.getFileName()));
    if (!Integer.valueOf(owner).equals(Files.getAttribute(folder, "unix:uid"))) {
      // New, or the last run had another shape: then all of it changes hands.
      try (var all = Files.walk(folder)) {
        for (var path : all.toList()) {
          Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(path, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }
}
