package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.IdleConnections;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How a relay behaves as it grows, in steps.
 *
 * @param state which stack
 * @param parts what grows
 * @param upTo the largest step; steps beyond are left out
 * @param runs samples of each series
 */
record Growth(StateOption state, Set<Part> parts, int upTo, int runs) implements Measurement {
  private static final int[] ACCOUNTS = {10, 1_000, 100_000};
  private static final int[] CONNECTIONS = {1, 100, 5_000};
  private static final int[] EVENTS = {1_000, 10_000, 100_000, 1_000_000};
  private static final int CONNECTIONS_OF_AN_ACCOUNT = 50;

  /** What can grow. */
  enum Part {
    ACCOUNTS,
    CONNECTIONS,
    EVENTS
  }

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    for (var measurement : measurements()) {
      measurement.run(target, results);
    }
  }

  private List<Measurement> measurements() {
    var stack = state.running().orElseThrow();
    var memory = ByGroup.memory(new StackProcesses(state.folder()));
    var all = new ArrayList<Measurement>();
    if (parts.contains(Part.ACCOUNTS)) {
      all.add(new AccountGrowth(state.folder(), steps(ACCOUNTS), runs, memory));
    }
    if (parts.contains(Part.CONNECTIONS)) {
      for (var connections : steps(CONNECTIONS)) {
        all.add(
            new IdleConnections(
                connections,
                CONNECTIONS_OF_AN_ACCOUNT,
                Duration.ofSeconds(40),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                memory));
      }
    }
    if (parts.contains(Part.EVENTS)) {
      all.add(new EventGrowth(stack.settings().shape(), steps(EVENTS)));
    }
    return all;
  }

  private List<Integer> steps(int[] all) {
    return IntStream.of(all).filter(step -> step <= upTo).boxed().toList();
  }
}
