package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.SmtpSink;
import dev.postbus.bench.measure.FilterLoad;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.ResidentMemory;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.util.List;

/**
 * The filter of outgoing mail: that of the stack with Postfix behind it, one of its own with a
 * server behind it that takes everything, and that server without any filter, for the driver's own
 * share.
 *
 * @param state which stack
 * @param runs how much is sent
 */
record FilterTimes(StateOption state, int runs) implements Measurement {
  private static final int FILTER = 10080;

  @Override
  public String name() {
    return "filter";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var stack = state.running().orElseThrow();
    var policy = PolicyProcess.in(new StackProcesses(state.folder()));
    FilterLoad.standard(
            "filter with Postfix",
            FILTER + stack.settings().portOffset(),
            runs,
            new ResidentMemory(policy.pid()))
        .run(target, results);
    // Or all that follows would be measured beside Postfix's deliveries.
    new MailQueue(state.folder()).awaitEmpty(results);
    try (var sink = SmtpSink.open()) {
      try (var alone = LonePolicy.start(policy, state.folder(), sink.port())) {
        FilterLoad.standard(
                "filter alone", alone.outgoingPort(), runs, new ResidentMemory(alone.pid()))
            .run(target, results);
      }
      FilterLoad.standard("no filter", sink.port(), runs, List::of).run(target, results);
    }
  }
}
