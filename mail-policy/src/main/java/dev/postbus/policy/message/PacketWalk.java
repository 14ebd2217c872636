package dev.postbus.policy.message;

/**
 * Recognises the packets of an encrypted OpenPGP message (RFC 9580) as their bytes come: session
 * keys, then as the last packet one with integrity-protected data. Bodies are passed over.
 */
final class PacketWalk {
  private static final int PUBLIC_KEY_ENCRYPTED_SESSION_KEY = 1;
  private static final int SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY = 3;
  private static final int INTEGRITY_PROTECTED_DATA = 18;

  private At at = At.HEADER;
  private int type;
  private boolean partial;
  private long left;
  private int lengthBytes;

  private enum At {
    HEADER,
    LENGTH,
    SECOND_LENGTH,
    LONG_LENGTH,
    BODY,
    DONE,
    WRONG
  }

  /** Whether all that came is such a message, whole. */
  boolean isWhole() {
    return at == At.DONE;
  }

  /** Whether more bytes cannot make it right. */
  boolean isWrong() {
    return at == At.WRONG;
  }

  /** How many of the next bytes make no difference, whatever they are. */
  long passedOver() {
    return at == At.BODY ? left : 0;
  }

  /** Passes over at most {@link #passedOver} bytes. */
  void pass(long count) {
    left -= count;
    if (left == 0) {
      endOfBody();
    }
  }

  /** Takes the next bytes. */
  void take(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (at == At.BODY) {
        var count = (int) Math.min(left, to - i);
        pass(count);
        i += count;
      } else {
        step(bytes[i++] & 0xff);
      }
    }
  }

  private void step(int b) {
    switch (at) {
      case HEADER -> header(b);
      case LENGTH -> length(b);
      case SECOND_LENGTH -> body(left + b);
      case LONG_LENGTH -> {
        left = left << 8 | b;
        if (--lengthBytes == 0) {
          body(left);
        }
      }
      case DONE, WRONG -> at = At.WRONG;
      case BODY -> throw new IllegalStateException("a body's bytes are passed over");
    }
  }

  /** Only the new format of section 4.2.1 is taken. */
  private void header(int b) {
    type = b & 0x3f;
    var known =
        type == INTEGRITY_PROTECTED_DATA
            || type == PUBLIC_KEY_ENCRYPTED_SESSION_KEY
            || type == SYMMETRIC_KEY_ENCRYPTED_SESSION_KEY;
    at = (b & 0xc0) == 0xc0 && known ? At.LENGTH : At.WRONG;
  }

  private void length(int b) {
    partial = b >= 224 && b < 255;
    if (partial) {
      // A power of two, until a last length of another form.
      body(1L << (b & 0x1f));
    } else if (b < 192) {
      body(b);
    } else if (b < 224) {
      left = ((b - 192L) << 8) + 192;
      at = At.SECOND_LENGTH;
    } else {
      left = 0;
      lengthBytes = 4;
      at = At.LONG_LENGTH;
    }
  }

  private void body(long length) {
    left = length;
    at = At.BODY;
    if (length == 0) {
      endOfBody();
    }
  }

  private void endOfBody() {
    at = partial ? At.LENGTH : type == INTEGRITY_PROTECTED_DATA ? At.DONE : At.HEADER;
  }
}
