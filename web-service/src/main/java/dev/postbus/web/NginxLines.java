package dev.postbus.web;

import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.SupervisorListener;
import java.util.regex.Pattern;

/**
 * Counts what nginx says about visits, and takes out of all else who the client was and what
 * exactly was asked: an invitation's address is as good as the invitation.
 *
 * @param next who hears the rest
 * @param visits counted
 */
record NginxLines(SupervisorListener next, Visits visits) implements SupervisorListener {
  private static final Pattern WHO_AND_WHAT =
      Pattern.compile(", (client|request|referrer): (\"[^\"]*\"?|[^,]*)");

  @Override
  public void transition(ProcessStatus before, ProcessStatus after) {
    next.transition(before, after);
  }

  @Override
  public void line(String process, String line) {
    if (!visits.count(line)) {
      next.line(process, WHO_AND_WHAT.matcher(line).replaceAll(""));
    }
  }
}
