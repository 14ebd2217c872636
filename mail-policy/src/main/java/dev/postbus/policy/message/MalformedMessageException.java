package dev.postbus.policy.message;

import java.io.IOException;

/** A message that does not have the form that any kind but cleartext has, or is beyond a bound. */
final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }

  /** It says no more than its message, and hostile mail makes many. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
