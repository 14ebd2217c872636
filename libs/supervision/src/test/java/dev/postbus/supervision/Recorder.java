package dev.postbus.supervision;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a supervisor said. */
final class Recorder implements SupervisorListener {
  final List<String> transitions = new CopyOnWriteArrayList<>();
  final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public void transition(ProcessStatus before, ProcessStatus after) {
    transitions.add(after.name() + " " + after.state().label());
  }

  @Override
  public void line(String process, String line) {
    lines.add(process + ": " + line);
  }
}
