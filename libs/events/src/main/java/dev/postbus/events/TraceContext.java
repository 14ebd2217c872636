package dev.postbus.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * To which trace something belongs, as W3C Trace Context says it in HTTP headers, and CloudEvents'
 * distributed tracing extension in events.
 *
 * @param traceparent {@code 00-<trace id>-<parent id>-<flags>} in lower-case hex, section 3.2
 * @param tracestate what tracing systems have added, section 3.3; null if nothing
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {
  /** The request header and attribute that names the trace. */
  public static final String TRACEPARENT = "traceparent";

  /** The request header and attribute of what tracing systems have added. */
  public static final String TRACESTATE = "tracestate";

  private static final Pattern OURS =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]");
  // Of a version to come the beginning is as in this one; "ff" is none.
  private static final Pattern ANY =
      Pattern.compile(
          "(?!ff)(?<version>[0-9a-f]{2})-(?<ids>(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16})"
              + "-(?<flags>[0-9a-f]{2})(?<more>-.*)?");
  private static final Pattern MEMBER =
      Pattern.compile(
          "(?<key>[a-z0-9][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
              + "=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

  private static final int TRACE_ID_FROM = 3;
  private static final int TRACE_ID_TO = 35;
  private static final int FLAGS_FROM = 53;
  private static final int SAMPLED = 1;
  private static final int MOST_MEMBERS = 32;

  /** As many characters of a trace state are handed on; a longer one is left away as a whole. */
  static final int LONGEST_STATE = 512;

  /** Checks the form of the first; the second is what {@link #of} made of it. */
  public TraceContext {
    if (!OURS.matcher(traceparent).matches()) {
      throw new IllegalArgumentException("no traceparent of version 00: " + traceparent);
    }
  }

  /**
   * What the headers of a request say.
   *
   * @param parents all headers {@code traceparent}
   * @param states all headers {@code tracestate}, in their order
   * @return null if there is none, or none that is well formed: then the standard has it ignored
   */
  public static @Nullable TraceContext of(List<String> parents, List<String> states) {
    var found = ANY.matcher(parents.size() == 1 ? parents.getFirst().strip() : "");
    if (!found.matches() || (found.group("version").equals("00") && found.group("more") != null)) {
      return null;
    }
    // Flags that are not known here are not handed on.
    var flags = Integer.parseInt(found.group("flags"), 16) & SAMPLED;
    return new TraceContext("00-%s-%02x".formatted(found.group("ids"), flags), state(states));
  }

  /** As {@link #of}, of single values. */
  static @Nullable TraceContext of(@Nullable String parent, @Nullable String state) {
    return parent == null ? null : of(List.of(parent), state == null ? List.of() : List.of(state));
  }

  /**
   * The one that an event begins. It can be told from the event's id, so that whatever answers the
   * event finds it without having seen it. Its sampled flag is set: the log records all.
   *
   * @param eventId a UUID, whose random bits become the trace's id; of any other text, its hash
   */
  static TraceContext begunBy(String eventId) {
    return new TraceContext("00-%s-%s-01".formatted(idOf(eventId), newParentId()), null);
  }

  /** Whether it is the one that this event would begin. */
  boolean isBegunBy(String eventId) {
    return traceId().equals(idOf(eventId));
  }

  /** The same trace for what follows: with a parent id of its own. */
  TraceContext next() {
    return new TraceContext(
        "00-%s-%s-%s".formatted(traceId(), newParentId(), traceparent.substring(FLAGS_FROM)),
        tracestate);
  }

  /** 32 digits of lower-case hex. */
  public String traceId() {
    return traceparent.substring(TRACE_ID_FROM, TRACE_ID_TO);
  }

  private static String idOf(String eventId) {
    var plain = eventId.replace("-", "");
    if (plain.matches("(?!0{32})[0-9a-f]{32}")) {
      return plain;
    }
    var hash = UUID.nameUUIDFromBytes(eventId.getBytes(StandardCharsets.UTF_8));
    return hash.toString().replace("-", "");
  }

  private static String newParentId() {
    var id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    return HexFormat.of().formatHex(ByteBuffer.allocate(Long.BYTES).putLong(id).array());
  }

  /** One list of all; null if it is empty, not well formed, or longer than what is handed on. */
  private static @Nullable String state(List<String> states) {
    var keys = new HashSet<String>();
    var all = new StringBuilder();
    for (var part : String.join(",", states).split(",", -1)) {
      var member = part.strip();
      if (member.isEmpty()) {
        continue;
      }
      var found = MEMBER.matcher(member);
      if (!found.matches() || !keys.add(found.group("key")) || keys.size() > MOST_MEMBERS) {
        return null;
      }
      all.append(all.isEmpty() ? "" : ",").append(member);
    }
    return all.isEmpty() || all.length() > LONGEST_STATE ? null : all.toString();
  }
}
