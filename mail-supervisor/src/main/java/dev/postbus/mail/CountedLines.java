package dev.postbus.mail;

import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.SupervisorListener;

/**
 * Has a look at the daemons' lines on their way.
 *
 * @param next who hears all of it
 * @param timeouts counted
 */
record CountedLines(SupervisorListener next, PostfixTimeouts timeouts)
    implements SupervisorListener {
  @Override
  public void transition(ProcessStatus before, ProcessStatus after) {
    next.transition(before, after);
  }

  @Override
  public void line(String process, String line) {
    timeouts.line(process, line);
    next.line(process, line);
  }
}
