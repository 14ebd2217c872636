package dev.postbus.web.timeline;

import dev.postbus.events.LogPages;
import dev.postbus.events.LoggedRecord;
import dev.postbus.events.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log of all topics in one row, newest first, a page at a time. How much is read for a page has
 * a bound, however long the log is and however little a filter lets through.
 */
public final class Timeline {
  /** Records on a page. */
  public static final int PAGE = 50;

  /** Records that are looked at for a page. */
  public static final int MOST_LOOKED_AT = 10_000;

  private static final int SMALL_PIECE = 64;
  private static final int LARGE_PIECE = 1000;

  private final LogPages log;

  /** Reads by these. */
  public Timeline(LogPages log) {
    this.log = log;
  }

  /**
   * A page.
   *
   * @param records newest first
   * @param older where what is older begins; null if there is nothing
   * @param lookedAt how many records were looked at
   * @param cutShort whether it ends where it does because so many were looked at
   */
  public record Page(
      List<LoggedRecord> records, @Nullable Position older, int lookedAt, boolean cutShort) {
    /** Copies the list. */
    public Page {
      records = List.copyOf(records);
    }
  }

  /**
   * The newest records that fit.
   *
   * @param before only what is older than that; null for all
   * @throws org.apache.kafka.common.KafkaException if the bus does not answer
   */
  public Page page(Filter filter, @Nullable Position before) {
    var piles = piles(filter, before);
    var found = new ArrayList<LoggedRecord>();
    var looked = 0;
    while (found.size() < PAGE && looked < MOST_LOOKED_AT) {
      var newest = newest(piles.values());
      if (newest == null) {
        return new Page(found, null, looked, false);
      }
      looked++;
      var record = newest.take();
      if (filter.since() != null && record.recorded().isBefore(filter.since())) {
        newest.end();
      } else if (filter.fits(record)) {
        found.add(record);
      }
    }
    var ended = newest(piles.values()) == null;
    var cursor = new EnumMap<Topic, Long>(Topic.class);
    piles.forEach((topic, pile) -> cursor.put(topic, pile.cursor));
    return new Page(
        found, ended ? null : new Position(cursor), looked, !ended && found.size() < PAGE);
  }

  private Map<Topic, Pile> piles(Filter filter, @Nullable Position before) {
    var topics = filter.topics();
    var bounds = log.bounds(topics);
    var until =
        filter.until() == null ? Map.<Topic, Long>of() : log.offsetsAt(topics, filter.until());
    var piles = new EnumMap<Topic, Pile>(Topic.class);
    bounds.forEach(
        (topic, bound) -> {
          var top = Math.min(bound.end(), until.getOrDefault(topic, Long.MAX_VALUE));
          if (before != null) {
            top = Math.min(top, before.before().getOrDefault(topic, 0L));
          }
          piles.put(
              topic,
              new Pile(topic, bound.begin(), top, filter.coarse() ? SMALL_PIECE : LARGE_PIECE));
        });
    readFirst(piles);
    return piles;
  }

  /** Reads the newest of all topics at once: most pages need no more. */
  private void readFirst(Map<Topic, Pile> piles) {
    var pieces = new EnumMap<Topic, LogPages.Bounds>(Topic.class);
    piles.forEach((topic, pile) -> pieces.put(topic, pile.next()));
    var read = log.read(pieces);
    piles.forEach((topic, pile) -> pile.read.addAll(read.getOrDefault(topic, List.of())));
  }

  private static @Nullable Pile newest(Iterable<Pile> piles) {
    Pile newest = null;
    for (var pile : piles) {
      var top = pile.top();
      if (top != null
          && (newest == null || !top.recorded().isBefore(newest.read.getLast().recorded()))) {
        newest = pile;
      }
    }
    return newest;
  }

  /** A topic's records from the newest down, read in pieces. */
  private final class Pile {
    private final Topic topic;
    private final int piece;
    private final Deque<LoggedRecord> read = new ArrayDeque<>();
    private long begin;
    private long cursor;
    private long unread;

    Pile(Topic topic, long begin, long end, int piece) {
      this.topic = topic;
      this.piece = piece;
      this.begin = begin;
      this.cursor = Math.max(begin, end);
      this.unread = cursor;
    }

    @Nullable LoggedRecord top() {
      // A piece may be empty where records were deleted.
      while (read.isEmpty() && unread > begin) {
        var next = next();
        read.addAll(log.read(topic, next.begin(), next.end()));
      }
      return read.peekLast();
    }

    /** The piece to be read next, which counts as read. */
    LogPages.Bounds next() {
      var next = new LogPages.Bounds(Math.max(begin, unread - piece), unread);
      unread = next.begin();
      return next;
    }

    LoggedRecord take() {
      var taken = read.removeLast();
      cursor = taken.offset();
      return taken;
    }

    /** What is left does not count. */
    void end() {
      read.clear();
      begin = Long.MAX_VALUE;
    }
  }
}
