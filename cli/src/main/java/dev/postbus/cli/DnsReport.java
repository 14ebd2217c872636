package dev.postbus.cli;

import dev.postbus.dns.check.Report;
import dev.postbus.dns.check.Report.Answer;
import dev.postbus.dns.check.Report.Outcome;
import dev.postbus.dns.check.Report.State;
import dev.postbus.dns.wanted.WantedRecord.Need;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** A check of DNS for people. */
final class DnsReport {
  private static final int LONGEST = 60;

  private DnsReport() {}

  static String text(Report report) {
    var lines = new ArrayList<String>();
    lines.add("zone " + report.zone() + ", asked at its name servers:");
    for (var server : report.servers()) {
      lines.add(
          "  %s%s%s"
              .formatted(
                  server.name(),
                  server.address().map(a -> " (" + a + ")").orElse(""),
                  server.problem().map(p -> ": " + p).orElse("")));
    }
    for (var need : Need.values()) {
      lines.add("");
      lines.add(need == Need.REQUIRED ? "Required" : "Recommended");
      report.records().stream()
          .filter(outcome -> outcome.wanted().need() == need)
          .forEach(outcome -> add(outcome, lines));
    }
    lines.add("");
    lines.add(verdict(report));
    return String.join("\n", lines);
  }

  private static void add(Outcome outcome, List<String> lines) {
    var wanted = outcome.wanted();
    var ok = outcome.state() == State.OK;
    lines.add(
        "  %-8s%-6s%s%s"
            .formatted(
                ok ? "ok" : outcome.state().name(),
                wanted.type(),
                wanted.name(),
                ok && !outcome.differs()
                    ? "  " + brief(outcome.answers().getFirst().found())
                    : ""));
    if (ok && !outcome.differs()) {
      return;
    }
    lines.add("          wanted  " + whole(wanted.values()));
    var alike = new LinkedHashMap<Answer, List<String>>();
    for (var answer : outcome.answers()) {
      var words = new Answer("", answer.found(), answer.state(), answer.problem());
      alike.computeIfAbsent(words, key -> new ArrayList<>()).add(answer.server());
    }
    alike.forEach(
        (answer, servers) -> {
          var where = alike.size() > 1 ? "  at " + String.join(", ", servers) : "";
          lines.add("          found   " + whole(answer.found()) + where);
          if (answer.state() == State.WRONG) {
            lines.add("                  " + answer.problem().orElse(""));
          }
        });
  }

  private static String whole(List<String> values) {
    return values.isEmpty() ? "nothing" : String.join(" | ", values);
  }

  private static String brief(List<String> values) {
    var text = whole(values);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static String verdict(Report report) {
    var required = report.lacking(Need.REQUIRED).size();
    var recommended = report.lacking(Need.RECOMMENDED).size();
    if (required + recommended == 0) {
      return "All records are there.";
    }
    return "Not as wanted: %d required, %d recommended; ./postbus dns zone prints what is."
        .formatted(required, recommended);
  }
}
