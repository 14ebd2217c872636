package dev.postbus.cert.acme;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A certificate was not issued; the message says why, and what to do where somebody can. */
final class AcmeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  private final @Nullable Duration retryAfter;

  AcmeFailure(FailureKind kind, String message, @Nullable Throwable cause) {
    this(kind, message, null, cause);
  }

  /**
   * A failure.
   *
   * @param retryAfter how long the authority does not want to be asked again
   */
  AcmeFailure(
      FailureKind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  FailureKind kind() {
    return kind;
  }

  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
