package dev.postbus.cli;

import dev.postbus.audit.AuditJson;
import dev.postbus.audit.StateDifference;
import dev.postbus.audit.StateReplay;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = "What is not the same at two times, computed from the log alone.",
    footer = {"", "  ./postbus audit diff 1d now"})
final class AuditDiff implements AuditAction {
  @Mixin private LogOption option = new LogOption();

  @Parameters(index = "0", paramLabel = "T1", description = Moment.FORMS)
  private String first = "now";

  @Parameters(index = "1", paramLabel = "T2", description = "The other time.")
  private String second = "now";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public int run() throws IOException {
    var now = Moment.now();
    var times = List.of(Moment.parse(first, now), Moment.parse(second, now));
    try (var log = new Progress(System.err, "replayed").of(option.open())) {
      var states = StateReplay.at(log, times);
      var differences = StateDifference.between(states.getFirst(), states.getLast());
      if (json) {
        System.out.println(AuditJson.of(differences).toPrettyString());
      } else if (differences.isEmpty()) {
        System.out.printf(
            "Nothing differs between %s and %s.%n", times.getFirst(), times.getLast());
      } else {
        differences.forEach(
            one ->
                System.out.printf(
                    "%s: %s -> %s%n",
                    one.path(),
                    one.before() == null ? "(none)" : one.before(),
                    one.after() == null ? "(none)" : one.after()));
      }
      return 0;
    }
  }
}
