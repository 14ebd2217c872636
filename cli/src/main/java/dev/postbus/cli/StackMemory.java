package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;

/** Memory of every process of a stack, by group, as it is at this moment. */
record StackMemory(StackProcesses processes) implements Measurement {
  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException {
    for (var reading : ByGroup.memory(processes).read()) {
      results.figure(name() + ": " + reading.name(), reading.unit(), reading.value());
    }
  }
}
