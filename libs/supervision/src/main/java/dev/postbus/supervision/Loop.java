package dev.postbus.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;

/** What a supervised process may ask of its supervisor. */
interface Loop {
  Instant now();

  /** Runs on the loop, soon. */
  void run(Runnable task);

  /** Runs on the loop, later. */
  ScheduledFuture<?> later(Duration delay, Runnable task);

  /** Runs beside the loop; may wait. */
  void aside(Runnable task);

  /** Ends what is left of a child's session beside the loop, then runs the task on the loop. */
  void cleanUpThen(ChildProcess ended, Runnable task);

  /** Starts every wanted process that has what it needs. */
  void startWhatCan();

  void transition(ProcessStatus before, ProcessStatus after);

  void line(String process, String line);
}
