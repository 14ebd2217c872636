package dev.postbus.cli;

import dev.postbus.audit.Keep;
import dev.postbus.cli.machine.MachineMemory;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import dev.postbus.deploy.local.Staging;
import dev.postbus.events.EventVariables;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = {
      "Runs a relay on this machine: services, broker, postfix, dovecot and nginx.",
      "What is chosen at the first start is remembered in the state folder."
    })
final class UpCommand implements Callable<Integer> {
  static final String DOMAIN = "_relay.localhost";
  static final int OFFSET = 20_000;
  private static final Duration REFRESH = Duration.ofSeconds(2);
  private static final String KEEP = "POSTBUS_EVENTS_KEEP";

  @Mixin private StateOption state = new StateOption();

  @Option(
      names = "--domain",
      paramLabel = "D",
      description = "The relay's domain (default: MAIL_DOMAIN, or " + DOMAIN + ").")
  private @Nullable String domain;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = "Added to every port, 0 to 22000 (default: " + OFFSET + ").")
  private @Nullable Integer offset;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = {
        "How services are spread over processes: separate, each in its own, or together, all in",
        "one (default: what fits the machine's memory)."
      })
  private @Nullable String shape;

  @Option(
      names = "--from",
      paramLabel = "EXPORT",
      description = {
        "Begin a new state with the events of another stack, as ./postbus audit export has copied",
        "them, and with the history of its configuration; without its keys and mail."
      })
  private @Nullable Path from;

  @Option(
      names = "--detach",
      description = "Return when everything is ready, and leave it running.")
  private boolean detach;

  @Override
  public Integer call() {
    Containers.refuse("docker compose up starts them");
    var folder = state.folder();
    var rest = new Rest();
    var running = state.running();
    if (running.isPresent() && from != null) {
      throw new Failure(
          "--from wants a new state, and a stack runs on " + folder + "; choose another --state");
    }
    if (running.isPresent()) {
      System.out.println("The stack on " + folder + " is running already.");
      System.out.println(StatusTable.of(RelayStatus.of(running.get(), rest), Instant.now()));
      return 0;
    }
    if (!isRoot()) {
      throw new Failure("postfix and dovecot have to be started by root: run  sudo ./postbus up");
    }
    var history = from == null ? null : ImportedHistory.of(from, folder);
    var settings = settings(folder, history);
    checkVariables();
    new Training(new Staging(StateOption.home(), folder)).prepare(settings, System.out::println);
    var control = new StackControl(folder);
    if (!detach) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> StackState.running(folder).ifPresent(this::stop)));
    }
    var status = control.start(settings, history, System.out::println);
    System.out.println();
    System.out.println(StatusTable.of(status, Instant.now()));
    if (detach) {
      return 0;
    }
    System.out.println("Ctrl-C ends it.");
    watch(folder, rest);
    return 1;
  }

  /** Services would end at once, again and again. */
  private static void checkVariables() {
    try {
      EventVariables.check(System.getenv());
      Keep.parse(System.getenv(KEEP));
    } catch (ConfigException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new Failure(KEEP + ": " + e.getMessage());
    }
  }

  private void stop(StackState stack) {
    System.out.println("Stopping.");
    new StackControl(state.folder()).stop(stack);
  }

  private static void watch(Path folder, Rest rest) {
    // Java 25 has no console where input or output is a file or a pipe.
    var terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    while (true) {
      StackControl.pause(REFRESH);
      var stack = StackState.running(folder);
      if (stack.isEmpty()) {
        throw new Failure("the stack has ended; see " + folder.resolve("log"));
      }
      if (terminal) {
        // Clear the screen and begin at its top: the table is shown in place.
        System.out.print("\033[H\033[2J");
        System.out.println(StatusTable.of(RelayStatus.of(stack.get(), rest), Instant.now()));
        System.out.println("Ctrl-C ends it.");
      }
    }
  }

  private StackSettings settings(Path folder, @Nullable ImportedHistory history) {
    var remembered = StackSettings.remembered(folder);
    var own =
        Optional.ofNullable(domain)
            .or(UpCommand::domainOfEnvironment)
            .map(name -> name.toLowerCase(Locale.ROOT));
    var wished = history == null ? own : Optional.of(history.domain());
    if (own.isPresent() && !own.equals(wished)) {
      throw new Failure(
          "the export is that of %s; its events are no other relay's: leave out --domain and MAIL_DOMAIN"
              .formatted(wished.orElseThrow()));
    }
    var other =
        wished.filter(name -> remembered.isPresent() && !name.equals(remembered.get().domain()));
    if (other.isPresent()) {
      throw new Failure(
          "the state in %s belongs to %s; for another domain choose another --state"
              .formatted(folder, remembered.get().domain()));
    }
    var chosen = Optional.ofNullable(shape).map(UpCommand::shapeOf);
    var before =
        remembered.orElseGet(
            () -> new StackSettings(DOMAIN, OFFSET, chosen.orElseGet(UpCommand::fitting)));
    try {
      return new StackSettings(
          wished.orElse(before.domain()),
          offset == null ? before.portOffset() : offset,
          chosen.orElse(before.shape()));
    } catch (IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> domainOfEnvironment() {
    return Optional.ofNullable(System.getenv("MAIL_DOMAIN")).filter(name -> !name.isBlank());
  }

  private static Shape shapeOf(String name) {
    return Shape.named(name)
        .orElseThrow(
            () -> new Failure("there is no shape '" + name + "'; there are separate and together"));
  }

  private static Shape fitting() {
    var memory = MachineMemory.available();
    var shape = Shape.fitting(memory);
    System.out.printf(
        "This machine has %d MB of memory for it: the services run %s.%n",
        memory >> 20,
        shape == Shape.TOGETHER ? "together in one process" : "as separate processes");
    return shape;
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
