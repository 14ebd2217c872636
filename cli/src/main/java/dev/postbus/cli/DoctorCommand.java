package dev.postbus.cli;

import dev.postbus.cli.doctor.StackChecks;
import dev.postbus.cli.machine.MachineMemory;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.doctor.Finding;
import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Looks at this machine and the state for what would keep the relay from working.",
      "Before the first start as well as while it runs; exit code 1 if something will not work."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String MAIL_SERVER = "nine.testrun.org";
  private static final String INDENT = " ".repeat(20);

  @Mixin private StateOption state = new StateOption();

  @Option(
      names = "--domain",
      paramLabel = "D",
      description = "Of a relay that was not started yet: its domain.")
  private @Nullable String domain;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = "Of a relay that was not started yet: its port offset.")
  private @Nullable Integer offset;

  @Option(
      names = "--mail-server",
      paramLabel = "HOST",
      description = "Another mail server, to try port 25 outwards (default: " + MAIL_SERVER + ").")
  private String mailServer = MAIL_SERVER;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    var folder = state.folder();
    var library = StateOption.home().resolve("mail-supervisor/target/native/idle-notify.so");
    var findings = StackChecks.of(folder, settings(), state.running(), library, mailServer).look();
    var works = findings.stream().noneMatch(finding -> finding.level() == Level.PROBLEM);
    if (json) {
      var out = new LinkedHashMap<String, Object>();
      out.put("works", works);
      out.put("findings", findings);
      System.out.println(Rest.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(out));
    } else {
      findings.forEach(DoctorCommand::print);
      System.out.println(summary(findings));
    }
    return works ? 0 : 1;
  }

  private StackSettings settings() {
    try {
      return StackSettings.remembered(state.folder())
          .orElseGet(
              () ->
                  new StackSettings(
                      domain == null ? UpCommand.DOMAIN : domain.toLowerCase(Locale.ROOT),
                      offset == null ? UpCommand.OFFSET : offset,
                      Shape.fitting(MachineMemory.available())));
    } catch (IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  private static void print(Finding finding) {
    System.out.printf(
        "%-8s %-10s %s%n",
        finding.level().name().toLowerCase(Locale.ROOT), finding.check(), finding.message());
    if (finding.next() != null) {
      System.out.println(INDENT + "next: " + finding.next());
    }
  }

  private static String summary(List<Finding> findings) {
    var problems = count(findings, Level.PROBLEM);
    var warnings = count(findings, Level.WARNING);
    return problems == 0
        ? "Nothing keeps the relay from working; warnings: " + warnings
        : "Something will not work; problems: " + problems + ", warnings: " + warnings;
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
