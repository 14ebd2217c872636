package dev.postbus.cert.foreign;

import dev.postbus.watch.FolderWatch;
import dev.postbus.watch.Trail;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the pair that a foreign manager keeps, from its start until it is closed. Files are
 * looked at when inotify tells of a change, and in any case from time to time.
 */
public final class ForeignWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForeignWatch.class);

  /** Where not all folders can be watched, looking must do. */
  private static final Duration UNWATCHED_POLL = Duration.ofSeconds(2);

  private final ForeignSource source;
  private final Duration poll;
  private final Look look;
  private final PairParser parser;
  private final FolderWatch folders = FolderWatch.open();
  private final Thread thread;
  private volatile boolean closed;

  private ForeignWatch(
      ForeignSource source,
      List<String> names,
      Duration poll,
      PairParser parser,
      ForeignListener listener,
      Look.Patience patience) {
    this.source = source;
    this.poll = poll;
    this.parser = parser;
    this.look = new Look(source, names, parser, listener, patience);
    this.thread = Thread.ofPlatform().name("foreign-certificates").daemon().unstarted(this::run);
  }

  /**
   * Starts.
   *
   * @param names the relay's names, the first of which the certificate must cover
   * @param poll how often to look without having been told
   */
  public static ForeignWatch start(
      ForeignSource source,
      List<String> names,
      Duration poll,
      PairParser parser,
      ForeignListener listener) {
    return start(source, names, poll, parser, listener, Look.Patience.STANDARD);
  }

  static ForeignWatch start(
      ForeignSource source,
      List<String> names,
      Duration poll,
      PairParser parser,
      ForeignListener listener,
      Look.Patience patience) {
    var watch = new ForeignWatch(source, names, poll, parser, listener, patience);
    watch.thread.start();
    return watch;
  }

  private void run() {
    parser.prepare();
    while (!closed) {
      try {
        folders.await(lookAndFollow());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        if (!closed) {
          log.error("watching {} failed; trying again", source.words(), e);
          look.forget();
          pause();
        }
      }
    }
  }

  /**
   * The files first, as that is what somebody waits for. Then the folders, which may be others by
   * now: what changed in new ones before they were watched is seen by another look.
   */
  private Duration lookAndFollow() {
    FolderWatch.Following following;
    Duration wait;
    do {
      wait = look.again(poll);
      var trail = new Trail();
      PairFiles.candidates(source).forEach(trail::add);
      following = folders.follow(trail.steps());
    } while (following.changed() && !closed);
    return following.complete() || wait.compareTo(UNWATCHED_POLL) < 0 ? wait : UNWATCHED_POLL;
  }

  private void pause() {
    try {
      Thread.sleep(UNWATCHED_POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops; the listener is not called any more afterwards. */
  @Override
  public void close() {
    // Not by an interrupt: it would cut off the writing of a generation.
    closed = true;
    folders.close();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
