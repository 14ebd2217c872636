package dev.postbus.policy.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Fuzz target: header and structure of a message. */
public final class MessageFuzz {
  private MessageFuzz() {}

  /** Any bytes are judged, and what own users may send others may as well. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      var outgoing = MessageJudge.judge(new ByteArrayInputStream(input), true);
      var incoming = MessageJudge.judge(new ByteArrayInputStream(input), false);
      var passes =
          outgoing.kind() == MessageKind.ENCRYPTED
              || outgoing.kind() == MessageKind.SECURE_JOIN_REQUEST;
      if (passes && outgoing.kind() != incoming.kind()) {
        throw new IllegalStateException(outgoing + " but " + incoming);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
