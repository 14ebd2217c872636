package dev.postbus.testing;

import java.io.IOException;

/** This machine allows no {@link Island}; the message says what it needs. */
public final class IslandRefused extends IOException {
  private static final long serialVersionUID = 1;

  IslandRefused(String message) {
    super(message);
  }

  IslandRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
