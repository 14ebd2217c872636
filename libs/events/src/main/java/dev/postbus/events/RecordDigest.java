package dev.postbus.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A record's digest: SHA-256 over its attributes and data, each preceded by its length as four
 * bytes, so that no two different records have the same bytes.
 */
final class RecordDigest {
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
            a.previousDigest()),
        data);
  }

  static String of(RecordHead head, byte[] data) {
    var sha = sha256();
    for (var part :
        new String[] {
          head.id(),
          head.type(),
          head.source(),
          head.subject(),
          head.time().toString(),
          Long.toString(head.sequence()),
          head.causationId() == null ? "" : head.causationId(),
          head.previousDigest() == null ? "" : head.previousDigest()
        }) {
      add(sha, part.getBytes(StandardCharsets.UTF_8));
    }
    add(sha, data);
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void add(MessageDigest sha, byte[] part) {
    sha.update(ByteBuffer.allocate(4).putInt(part.length).flip());
    sha.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
