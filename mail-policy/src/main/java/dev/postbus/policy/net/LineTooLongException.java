package dev.postbus.policy.net;

import java.io.IOException;

/** A peer sent a line that is longer than allowed. */
public final class LineTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  LineTooLongException(int longest) {
    super("a line is longer than " + longest + " bytes");
  }
}
