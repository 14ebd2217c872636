package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "report", description = "Prints what the mailboxes hold and who uses them.")
final class ReportCommand implements Callable<Integer> {
  @Mixin private StateOption state = new StateOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    var answer = new Rest().get(UserCommand.SERVICE, state.ports().mail(), "/mail/report");
    if (UserCommand.refused(answer)) {
      return 1;
    }
    if (json) {
      System.out.println(answer.json().toPrettyString());
    } else {
      print(answer.json());
    }
    return 0;
  }

  private static void print(JsonNode report) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("STORAGE", "FILES", "SIZE"));
    for (var size : report.path("bySize")) {
      var least = size.path("atLeast").asLong();
      rows.add(
          List.of(
              least == 0 ? "mails" : "mails from " + Bytes.text(least),
              size.path("messages").asText(),
              Bytes.text(size.path("bytes").asLong())));
    }
    rows.add(List.of("other files", "", Bytes.text(report.path("otherBytes").asLong())));
    System.out.println(StatusTable.layOut(rows));
    System.out.println();
    var people = new ArrayList<List<String>>();
    var accounts = report.path("accounts").asLong();
    var tests = report.path("ciAccounts").asLong();
    people.add(List.of("ACCOUNTS", "COUNT"));
    people.add(List.of("all", "" + accounts));
    people.add(List.of("of automatic tests (ci-)", "" + tests));
    people.add(List.of("blocked", report.path("blocked").asText()));
    people.add(List.of("others", "" + (accounts - tests)));
    for (var active : report.path("active")) {
      people.add(
          List.of(
              "  active in the last " + active.path("days").asText() + " days",
              active.path("accounts").asText()));
    }
    System.out.println(StatusTable.layOut(people));
  }
}
