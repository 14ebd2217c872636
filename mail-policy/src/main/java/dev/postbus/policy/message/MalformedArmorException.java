package dev.postbus.policy.message;

import java.io.IOException;

/** Text that is not ASCII armor. */
final class MalformedArmorException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedArmorException(String message) {
    super(message);
  }
}
