package dev.postbus.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/** The operator's command. Exit codes: 0 done, 1 failed, 2 used wrongly. */
@Command(
    name = "./postbus",
    description = "A chatmail relay: runs it, shows it, changes it.",
    footer = {
      "",
      "./postbus test       builds everything and runs all tests (see ./postbus test --help)",
      "./postbus images     builds the images of the compose stack (see ./postbus images --help)",
      "./postbus --compose  the commands for the compose stack (see ./postbus --compose --help)"
    },
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ConsoleCommand.class,
      DoctorCommand.class,
      LogsCommand.class,
      ConfigCommand.class,
      CertCommand.class,
      DnsCommand.class,
      EventsCommand.class,
      AuditCommand.class,
      UserCommand.class,
      InviteCommand.class,
      ExpireCommand.class,
      ReportCommand.class,
      BenchCommand.class
    })
public final class Postbus {
  private Postbus() {}

  /** Runs a command and exits. */
  public static void main(String[] args) {
    quietLogs();
    System.exit(run(args));
  }

  static int run(String... args) {
    var line = new CommandLine(new Postbus());
    addHelp(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    requireNonNull(line.getSubcommands().get("bench"))
        .getCommandSpec()
        .usageMessage()
        .footer(Measurements.help().toArray(String[]::new));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          var said = e instanceof Failure ? e.getMessage() : "unexpected: " + e;
          System.err.println("postbus: " + said);
          return 1;
        });
    if (args.length == 0) {
      line.usage(System.out);
      return 2;
    }
    return line.execute(args);
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    line.getSubcommands().values().forEach(Postbus::addHelp);
  }

  private static void quietLogs() {
    try (var in = Postbus.class.getResourceAsStream("/cli-logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cli-logging.properties", e);
    }
  }
}
