package dev.postbus.cli;

import dev.postbus.audit.AuditLog;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says from time to time how far a long work has come; nothing of a short one. */
final class Progress {
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int LOOK_EVERY = 1000;

  private final PrintStream out;
  private final String what;
  private final long begin = System.nanoTime();
  private long nextNanos = FIRST_NANOS;
  private long count;

  /**
   * A progress.
   *
   * @param what what is done with the records, e.g. {@code verified}
   */
  Progress(PrintStream out, String what) {
    this.out = out;
    this.what = what;
  }

  /** So many are done. */
  void at(long done, long all) {
    count = done;
    if (done % LOOK_EVERY == 0 && System.nanoTime() - begin > nextNanos) {
      nextNanos += FIRST_NANOS;
      out.printf("%s %d of %d records%n", what, done, all);
    }
  }

  /** The same log, whose reading is told. */
  AuditLog of(AuditLog log) {
    var all = log.counts().values().stream().mapToLong(Long::longValue).sum();
    return new AuditLog() {
      @Override
      public Map<Topic, Long> counts() {
        return log.counts();
      }

      @Override
      public void read(Collection<Topic> topics, Consumer<RawRecord> taker) throws IOException {
        count = 0;
        log.read(
            topics,
            raw -> {
              taker.accept(raw);
              at(count + 1, all);
            });
      }

      @Override
      public void close() {
        log.close();
      }
    };
  }
}
