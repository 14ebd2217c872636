package dev.postbus.applier;

import dev.postbus.events.CertChanged;
import dev.postbus.events.Envelope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A certificate that is not known to be served yet, with what was told of it so far. */
final class CertAttempt {
  private final Envelope<CertChanged> change;
  private final Map<String, String> told = new ConcurrentHashMap<>();
  private int failures;

  CertAttempt(Envelope<CertChanged> change) {
    this.change = change;
  }

  Envelope<CertChanged> change() {
    return change;
  }

  boolean isOf(Envelope<CertChanged> other) {
    return change.id().equals(other.id());
  }

  /** Counts a failure; how many there were. */
  int failed() {
    return ++failures;
  }

  /** Whether an outcome is another than the last one of that listener, or of no listener. */
  boolean isNews(@Nullable String listener, String outcome) {
    return !outcome.equals(told.put(listener == null ? "" : listener, outcome));
  }
}
