package dev.postbus.supervision;

/**
 * Hears what happens to processes. Transitions arrive in order on one thread, and must not block
 * it; lines arrive on a thread of each process.
 */
public interface SupervisorListener {
  /** A process went from one state to another. */
  void transition(ProcessStatus before, ProcessStatus after);

  /** A process wrote a line to its standard output or error. */
  void line(String process, String line);
}
