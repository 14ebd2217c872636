package dev.postbus.cli;

import dev.postbus.cli.machine.PortHolders;
import dev.postbus.deploy.local.ClosedFolder;
import dev.postbus.deploy.local.JavaCommand;
import dev.postbus.deploy.local.StackProgram;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import dev.postbus.deploy.local.Staging;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts and stops the stack's process. */
final class StackControl {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration DOWN = Duration.ofSeconds(90);

  private final Path state;
  private final Rest rest = new Rest();
  private final long begin = System.nanoTime();
  private @Nullable Process launched;

  StackControl(Path state) {
    this.state = state;
  }

  /** Starts a stack and returns when all of it serves. */
  RelayStatus start(StackSettings settings, Consumer<String> progress) {
    return start(settings, (ImportedHistory) null, progress);
  }

  /** The same, with the events of another stack in its bus. */
  RelayStatus start(
      StackSettings settings, @Nullable ImportedHistory history, Consumer<String> progress) {
    checkPorts(settings);
    step(progress, "copying the programs");
    var programs = new Staging(StateOption.home(), state).stage();
    if (history != null) {
      history.fill(settings, programs, what -> step(progress, what));
    }
    return start(settings, programs, null, progress);
  }

  /** Starts a stack that writes its caches of classes to a folder when it ends. */
  void train(StackSettings settings, Path programs, Path training) {
    checkPorts(settings);
    start(settings, programs, training, step -> {});
  }

  private RelayStatus start(
      StackSettings settings, Path programs, @Nullable Path training, Consumer<String> progress) {
    settings.remember(state);
    step(progress, "starting " + settings.domain());
    var process = launch(programs, training);
    launched = process;
    return awaitReady(process, progress);
  }

  /** Ends what {@link #start} began, however far that came. */
  void stopStarted() {
    if (launched != null) {
      stop(launched.pid());
    }
  }

  /** Ends a running stack and returns when nothing of it is left. */
  void stop(StackState stack) {
    stop(stack.pid());
  }

  private void stop(long pid) {
    var all = descendants(pid);
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    var deadline = System.nanoTime() + DOWN.toNanos();
    while (all.stream().anyMatch(ProcessHandle::isAlive)) {
      if (System.nanoTime() > deadline) {
        all.forEach(ProcessHandle::destroyForcibly);
        throw new Failure("some processes had to be killed; see " + state.resolve("log"));
      }
      pause(Duration.ofMillis(50));
    }
  }

  private static List<ProcessHandle> descendants(long pid) {
    var all = new ArrayList<ProcessHandle>();
    ProcessHandle.of(pid)
        .ifPresent(
            stack -> {
              all.add(stack);
              stack.descendants().forEach(all::add);
            });
    return all;
  }

  private static void checkPorts(StackSettings settings) {
    var taken = PortHolders.taken(settings.ports().all());
    if (!taken.isEmpty()) {
      throw new Failure(
          String.join("\n", taken)
              + "\nStop what is there, or choose other ports with --port-offset N.");
    }
  }

  private Process launch(Path programs, @Nullable Path training) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var command =
        new JavaCommand(programs, training)
            .plain("deploy", StackProgram.class.getName(), "-Xms6m", "-Xmx32m");
    command.addAll(List.of(state.toString(), programs.toString()));
    if (training != null) {
      command.add(training.toString());
    }
    var closed = ClosedFolder.above(state);
    if (closed.isPresent()) {
      if (java.startsWith(closed.get().folder())) {
        throw new Failure(
            "the JDK lies in %s, which only its owner may enter: the services cannot run it. Put it under /usr/lib/jvm."
                .formatted(closed.get().folder()));
      }
      hidden(closed.get().folder())
          .ifPresent(
              path -> {
                throw new Failure(
                    "%s cannot be seen by the services: %s may only be entered by its owner, and holds the state, so they see nothing else of it. Choose --state /var/lib/postbus, or keep it elsewhere."
                        .formatted(path, closed.get().folder()));
              });
      command = new ArrayList<>(closed.get().opening(state, command));
    }
    command.addFirst("setsid");
    try {
      Files.createDirectories(state.resolve("log"));
      var log = ProcessBuilder.Redirect.appendTo(state.resolve("log/stack.log").toFile());
      return new ProcessBuilder(command)
          .directory(state.toFile())
          .redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(log)
          .start();
    } catch (IOException e) {
      throw new Failure("the stack cannot be started: " + e.getMessage());
    }
  }

  private RelayStatus awaitReady(Process process, Consumer<String> progress) {
    var deadline = System.nanoTime() + READY.toNanos();
    var said = "";
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new Failure("the stack ended: " + tail("stack") + closedFolderHint());
      }
      var stack = StackState.running(state).filter(s -> s.pid() == process.pid());
      if (stack.isPresent()) {
        var status = RelayStatus.of(stack.get(), rest);
        if (status.ready()) {
          step(progress, "ready");
          return status;
        }
        if (!status.missing().equals(said)) {
          said = status.missing();
          step(progress, "waiting for " + said);
        }
      }
      pause(Duration.ofMillis(100));
    }
    var guilty = guilty();
    StackState.running(state).ifPresent(this::stop);
    throw new Failure(
        "not ready after %d s: %s%nThe end of the log of %s:%n%s"
            .formatted(READY.toSeconds(), said, guilty, tail(guilty)));
  }

  /** A path in the environment that lies where the stack sees only its own state. */
  private Optional<Path> hidden(Path closed) {
    return Stream.of("INI_FILE", "PATH_TO_SSL", "TLS_EXTERNAL_CERT_AND_KEY")
        .map(System.getenv()::get)
        .filter(Objects::nonNull)
        .flatMap(value -> Stream.of(value.strip().split("\\s+")))
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .filter(path -> path.startsWith(closed) && !path.startsWith(state))
        .findFirst();
  }

  private String closedFolderHint() {
    return ClosedFolder.above(state)
        .map(
            closed ->
                "%n%s may only be entered by its owner, so the stack needs a mount namespace; where the kernel refuses one, choose another folder: --state /var/lib/postbus"
                    .formatted(closed.folder()))
        .orElse("");
  }

  /** The process of the first service that is not ready. */
  private String guilty() {
    return StackState.running(state)
        .map(stack -> RelayStatus.of(stack, rest))
        .flatMap(
            status ->
                status.services().stream()
                    .filter(service -> !service.ready())
                    .findFirst()
                    .map(service -> status.settings().shape().processOf(service.name())))
        .orElse("stack");
  }

  private String tail(String process) {
    try {
      // Daemons' lines may hold any bytes.
      var log = state.resolve("log").resolve(process + ".log");
      var lines = Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "(no log)";
    }
  }

  private void step(Consumer<String> progress, String what) {
    progress.accept("%5.1f s  %s".formatted((System.nanoTime() - begin) / 1e9, what));
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted");
    }
  }
}
