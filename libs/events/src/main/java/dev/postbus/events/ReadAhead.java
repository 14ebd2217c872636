package dev.postbus.events;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches records on a thread of its own, some ahead of who takes them: what is done with a record
 * takes about as long as fetching it.
 */
final class ReadAhead {
  private static final int MOST_BATCHES = 2;
  private static final int MOST_RECORDS = 1000;
  private static final int MOST_BYTES = 1 << 20;

  private ReadAhead() {}

  /** Fetches all there is to fetch. */
  interface Source {
    /** Adds records to batches; interrupted when nobody wants more. */
    void fetch(Batches batches) throws InterruptedException;
  }

  private record Batch(List<RawRecord> records, @Nullable RuntimeException failure, boolean last) {}

  /** Where the fetching thread puts records. */
  static final class Batches {
    private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(MOST_BATCHES);
    private List<RawRecord> records = new ArrayList<>();
    private long bytes;

    void add(RawRecord raw) throws InterruptedException {
      records.add(raw);
      bytes += raw.data().length;
      if (records.size() >= MOST_RECORDS || bytes >= MOST_BYTES) {
        put(null, false);
      }
    }

    private void put(@Nullable RuntimeException failure, boolean last) throws InterruptedException {
      queue.put(new Batch(records, failure, last));
      records = new ArrayList<>();
      bytes = 0;
    }
  }

  /**
   * Hands all records of a source on, in their order; when it returns, the source is not used any
   * more.
   */
  static void of(Source source, Consumer<RawRecord> taker) {
    var batches = new Batches();
    var thread =
        Thread.ofPlatform().name("read-ahead").daemon().start(() -> fetch(source, batches));
    try {
      Batch batch;
      do {
        batch = batches.queue.take();
        batch.records().forEach(taker);
        var failure = batch.failure();
        if (failure != null) {
          throw failure;
        }
      } while (!batch.last());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      end(thread);
    }
  }

  private static void fetch(Source source, Batches batches) {
    try {
      try {
        source.fetch(batches);
        batches.put(null, true);
      } catch (RuntimeException e) {
        batches.put(e, true);
      } catch (Error e) {
        // Who takes records would wait for ever.
        batches.put(new KafkaException("reading ahead failed", e), true);
      }
    } catch (InterruptedException | InterruptException nobodyWantsMore) {
      // Its thread ends with it.
      return;
    }
  }

  private static void end(Thread thread) {
    thread.interrupt();
    var interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
