package dev.postbus.web.timeline;

import dev.postbus.events.LoggedRecord;
import dev.postbus.events.Topic;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records somebody wants to see.
 *
 * @param topic on which topic; null for all
 * @param type of which type, without prefix and version; empty for all
 * @param service written by which service, or one of its replicas; empty for all
 * @param since put on the log at this time or later; null for no limit
 * @param until put on the log before this time; null for no limit
 */
public record Filter(
    @Nullable Topic topic,
    String type,
    String service,
    @Nullable Instant since,
    @Nullable Instant until) {
  /** Lets everything through. */
  public static final Filter ALL = new Filter(null, "", "", null, null);

  Set<Topic> topics() {
    if (topic != null) {
      return EnumSet.of(topic);
    }
    // They come again and again, and tell of nothing that happened.
    return type.equals("checkpoint")
        ? EnumSet.of(Topic.CHECKPOINT)
        : EnumSet.complementOf(EnumSet.of(Topic.CHECKPOINT));
  }

  boolean fits(LoggedRecord record) {
    return (type.isEmpty() || record.type().equals(type))
        && (service.isEmpty()
            || record.service().equals(service)
            || record.service().startsWith(service + "@"));
  }

  /** Whether most records are let through. */
  boolean coarse() {
    return type.isEmpty() && service.isEmpty();
  }
}
