package dev.postbus.policy.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a body's canonical form (RFC 6376 sections 3.4.3 and 3.4.4), as it is read. */
final class BodyHash {
  private final byte[] expected;
  private final boolean relaxed;
  private final MessageDigest digest;
  private final byte[] buffer = new byte[4096];
  private int buffered;
  private boolean begun;
  // Held back until it shows whether anything follows.
  private int lineEnds;
  private boolean whiteSpace;
  private boolean carriageReturn;

  /**
   * A hash that a signature asks for.
   *
   * @throws IllegalStateException if the form is neither simple nor relaxed
   */
  BodyHash(SignatureField signature) {
    expected = signature.getBodyHash();
    relaxed = signature.hasRelaxedBody();
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next bytes of the body. */
  void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      add(bytes[i]);
    }
  }

  private void add(byte b) {
    if (carriageReturn) {
      carriageReturn = false;
      if (b == '\n') {
        whiteSpace = false;
        lineEnds++;
        return;
      }
      content((byte) '\r');
    }
    if (b == '\r') {
      carriageReturn = true;
    } else if (relaxed && (b == ' ' || b == '\t')) {
      whiteSpace = true;
    } else {
      content(b);
    }
  }

  private void content(byte b) {
    for (; lineEnds > 0; lineEnds--) {
      lineEnd();
    }
    if (whiteSpace) {
      put((byte) ' ');
      whiteSpace = false;
    }
    put(b);
    begun = true;
  }

  private void lineEnd() {
    put((byte) '\r');
    put((byte) '\n');
  }

  private void put(byte b) {
    if (buffered == buffer.length) {
      digest.update(buffer);
      buffered = 0;
    }
    buffer[buffered++] = b;
  }

  /** Whether the body that was added is the one that was signed; to be asked once, at its end. */
  boolean matches() {
    if (carriageReturn) {
      content((byte) '\r');
    }
    // An empty body is a line end in the simple form, and nothing in the relaxed one.
    if (begun || !relaxed) {
      lineEnd();
    }
    digest.update(buffer, 0, buffered);
    return MessageDigest.isEqual(digest.digest(), expected);
  }
}
