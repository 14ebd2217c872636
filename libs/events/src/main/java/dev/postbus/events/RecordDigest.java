package dev.postbus.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A record's digest: SHA-256 over its attributes and data, each preceded by its length as four
 * bytes, so that no two different records have the same bytes.
 */
final class RecordDigest {
  private static final int ALL = 11;
  private static final int WITHOUT_TRACE = 9;

  private RecordDigest() {}

  static String of(EventCodec.Attributes a, byte[] data) {
    return of(
        new RecordHead(
            a.id(),
            a.type(),
            a.source().toString(),
            a.subject(),
            a.time(),
            a.sequence(),
            a.causationId(),
            a.previousDigest(),
            a.traceparent(),
            a.tracestate()),
        data);
  }

  static String of(RecordHead head, byte[] data) {
    var parts =
        new byte[][] {
          utf8(head.id()),
          utf8(head.type()),
          utf8(head.source()),
          utf8(head.subject()),
          utf8(RecordTime.print(head.time())),
          utf8(Long.toString(head.sequence())),
          utf8(head.causationId()),
          utf8(head.previousDigest()),
          data,
          utf8(head.traceparent()),
          utf8(head.tracestate())
        };
    // Where there is no trace, nothing of it: such records have the digest that they always had.
    var count = head.traceparent() == null && head.tracestate() == null ? WITHOUT_TRACE : ALL;
    var length = 0;
    for (int i = 0; i < count; i++) {
      length += Integer.BYTES + parts[i].length;
    }
    // In one piece: many small ones take longer than the digest itself.
    var all = ByteBuffer.allocate(length);
    for (int i = 0; i < count; i++) {
      all.putInt(parts[i].length).put(parts[i]);
    }
    return HexFormat.of().formatHex(sha256().digest(all.array()));
  }

  private static byte[] utf8(@Nullable String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  /** A digest by SHA-256, which every JDK has. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
