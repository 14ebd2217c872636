package dev.postbus.realclient;

import java.io.IOException;

/** The core cannot be had on this machine; the message says why, and what would help. */
public final class CoreUnavailable extends IOException {
  private static final long serialVersionUID = 1;

  CoreUnavailable(String message) {
    super(message);
  }

  CoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
