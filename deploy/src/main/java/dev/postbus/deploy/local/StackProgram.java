package dev.postbus.deploy.local;

import dev.postbus.applier.ProcessReporter;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/**
 * The process above all others of a local stack: {@code StackProgram STATE PROGRAMS}. It runs until
 * it is asked to end, and then ends everything first.
 */
public final class StackProgram {
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
   * @param args the state folder, with remembered settings, and the folder of staged programs
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 2) {
      System.err.println("usage: StackProgram STATE PROGRAMS");
      System.exit(2);
    }
    quietLogs();
    var state = Path.of(args[0]);
    var settings =
        StackSettings.remembered(state)
            .orElseThrow(() -> new IllegalStateException("no settings in " + state));
    new StackProgram(state, settings).run(Path.of(args[1]));
  }

  private static void quietLogs() throws IOException {
    try (var in = StackProgram.class.getResourceAsStream("/stack-logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    }
  }

  private void run(Path programs) throws IOException, InterruptedException {
    prepareFolders();
    try (var channel =
            FileChannel.open(
                state.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock == null) {
        System.err.println("another stack runs on " + state);
        System.exit(1);
      }
      supervise(programs);
    }
  }

  private void supervise(Path programs) throws InterruptedException {
    var logs = new ServiceLogs(state.resolve("log"));
    var ended = new CountDownLatch(1);
    var ports = new StackPorts(settings.portOffset());
    var bus =
        EventBus.open(
            new BusSettings(
                "127.0.0.1:" + ports.broker(),
                settings.domain(),
                "local-stack",
                state.resolve("run/outbox"),
                (short) 1));
    var reporter = new ProcessReporter(bus);
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
    var supervisor =
        new Supervisor(
            settings.shape().processes(state, programs, settings),
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
                  bus.close();
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
    make(state, 0, "rwxr-xr-x");
    for (var own : List.of("run", "log")) {
      make(state.resolve(own), 0, "rwx------");
    }
    make(state.resolve("bus"), Shape.BROKER_UID, "rwx------");
    make(state.resolve("config"), Shape.CONFIG_UID, "rwx------");
    make(state.resolve("certs"), Shape.CERT_UID, "rwxr-x---");
  }

  private static void make(Path folder, int owner, String mode) throws IOException {
    Files.createDirectories(folder);
    Files.setAttribute(folder, "unix:uid", owner);
    Files.setAttribute(folder, "unix:gid", owner);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
  }
}
