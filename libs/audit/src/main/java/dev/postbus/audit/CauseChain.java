package dev.postbus.audit;

import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All events that belong to one: what caused it, what caused that, and all that any of these
 * caused. The log is read until nothing more is found, two or three times as a rule; only the chain
 * is kept.
 */
public final class CauseChain {
  /** How many events a chain may have. */
  public static final int MOST = 10_000;

  private static final int SHORTEST_PREFIX = 6;

  private final Map<String, CausedEvent> found = new LinkedHashMap<>();
  private final Set<String> ids = new HashSet<>();

  private CauseChain() {}

  /**
   * The chain of an event.
   *
   * @param id its id, or the beginning of it, 6 characters or more
   * @return its events by time; empty if there is no such event
   * @throws IOException if the log cannot be read, several ids begin so, or the chain is too long
   */
  public static List<CausedEvent> of(AuditLog log, String id) throws IOException {
    var chain = new CauseChain();
    var first = resolve(log, id);
    if (first.isEmpty()) {
      return List.of();
    }
    chain.ids.addAll(first);
    int before;
    do {
      before = chain.found.size();
      log.read(EnumSet.complementOf(EnumSet.of(Topic.CHECKPOINT)), chain::take);
      if (chain.found.size() > MOST) {
        throw new IOException(
            "more than %d events belong to %s; see them with: ./postbus events --since TIME"
                .formatted(MOST, id));
      }
    } while (chain.found.size() > before);
    return chain.found.values().stream()
        .sorted(
            Comparator.comparing((CausedEvent event) -> event.head().time())
                .thenComparing(event -> event.raw().topic())
                .thenComparing(event -> event.raw().offset()))
        .toList();
  }

  private static Set<String> resolve(AuditLog log, String id) throws IOException {
    var begins = new TreeSet<String>();
    log.read(
        EnumSet.allOf(Topic.class),
        raw -> {
          try {
            var found = raw.head().id();
            if (found.equals(id) || (found.startsWith(id) && begins.size() <= 3)) {
              begins.add(found);
            }
          } catch (UnreadableRecord passedOver) {
            return;
          }
        });
    if (begins.contains(id)) {
      return Set.of(id);
    }
    if (begins.size() > 1 || (!begins.isEmpty() && id.length() < SHORTEST_PREFIX)) {
      throw new IOException(
          "several events may be meant by '%s': %s; write more of the id"
              .formatted(id, String.join(", ", begins)));
    }
    return begins;
  }

  private void take(RawRecord raw) {
    RecordHead head;
    try {
      head = raw.head();
    } catch (UnreadableRecord passedOver) {
      return;
    }
    var cause = head.causationId();
    if (found.size() <= MOST
        && !found.containsKey(head.id())
        && (ids.contains(head.id()) || (cause != null && ids.contains(cause)))) {
      found.put(head.id(), new CausedEvent(raw, head));
      ids.add(head.id());
      if (cause != null) {
        ids.add(cause);
      }
    }
  }
}
