package dev.postbus.web.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who has logged in; in memory only, so that a restart ends all of it. */
final class Sessions {
  /** After so long without a request of its user's own, a session is over. */
  static final Duration IDLE = Duration.ofMinutes(30);

  /** After so long it is over in any case. */
  static final Duration LONGEST = Duration.ofHours(12);

  /** More than one operator needs; the one that was not used for longest gives way. */
  static final int MOST = 16;

  private final Clock clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(Session session, Instant used) {}

  Sessions(Clock clock) {
    this.clock = clock;
  }

  /** A new one, with an id that nobody has known before. */
  synchronized Session open() {
    removeOver();
    if (entries.size() >= MOST) {
      entries.remove(entries.keySet().iterator().next());
    }
    var now = clock.instant();
    var session = new Session(Secrets.make(), Secrets.make(), now);
    entries.put(session.id(), new Entry(session, now));
    return session;
  }

  /**
   * The session of an id.
   *
   * @param use whether somebody does something, and not only a page that brings itself up to date
   */
  synchronized Optional<Session> find(@Nullable String id, boolean use) {
    removeOver();
    var entry = id == null ? null : entries.get(id);
    if (entry == null) {
      return Optional.empty();
    }
    if (use) {
      entries.remove(id);
      entries.put(entry.session().id(), new Entry(entry.session(), clock.instant()));
    }
    return Optional.of(entry.session());
  }

  synchronized void close(Session session) {
    entries.remove(session.id());
  }

  synchronized int count() {
    removeOver();
    return entries.size();
  }

  private void removeOver() {
    var now = clock.instant();
    entries
        .values()
        .removeIf(
            entry ->
                !now.isBefore(entry.used().plus(IDLE))
                    || !now.isBefore(entry.session().begun().plus(LONGEST)));
  }
}
