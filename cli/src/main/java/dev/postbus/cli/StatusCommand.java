package dev.postbus.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Shows every service and process; exit code 1 if something does not serve.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private StateOption state = new StateOption();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    state.ports();
    var status = RelayStatus.of(state.running().orElseThrow(), new Rest());
    if (json) {
      var out = new LinkedHashMap<String, Object>();
      out.put("ready", status.ready());
      out.put("domain", status.settings().domain());
      out.put("portOffset", status.settings().portOffset());
      out.put("shape", status.settings().shape());
      out.put("pid", status.pid());
      out.put("startedAt", status.startedAt().toString());
      out.put("services", status.services());
      out.put("policyReplicas", status.policyReplicas());
      System.out.println(Rest.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(out));
    } else {
      System.out.println(StatusTable.of(status, Instant.now()));
    }
    return status.ready() ? 0 : 1;
  }
}
