package dev.postbus.supervision;

import java.time.Instant;

/**
 * Where a process is in its life. A transition exists as a method only on the states that it may
 * leave, so an illegal one does not compile; only {@link Running} states have a pid.
 *
 * <pre>
 * Stopped → Starting → Ready ⇄ Reloading
 *              ↓         ↓        ↓
 *           BackingOff, GaveUp, or Stopping → Stopped
 * </pre>
 */
public sealed interface ProcessState {
  /** States with a living process. */
  sealed interface Running extends ProcessState {
    /** The process id. */
    long pid();

    /** It ended unasked and is started again at the given time. */
    default BackingOff backingOff(Instant until) {
      return new BackingOff(until);
    }

    /** It ended unasked too often. */
    default GaveUp gaveUp() {
      return new GaveUp();
    }
  }

  /** Running states that can be asked to end. */
  sealed interface Stoppable extends Running {
    /** It has been asked to end. */
    default Stopping stopping() {
      return new Stopping(pid());
    }
  }

  /** States without a process from which one can be started. */
  sealed interface Startable extends ProcessState {
    /** The process runs, and is not ready yet. */
    default Starting starting(long pid) {
      return new Starting(pid);
    }
  }

  /** Not running, and not meant to be, or waiting for what it needs. */
  record Stopped() implements Startable {
    /** It could not even be started; tried again at the given time. */
    public BackingOff backingOff(Instant until) {
      return new BackingOff(until);
    }
  }

  /** Running, not ready yet. */
  record Starting(long pid) implements Stoppable {
    /** It serves. */
    public Ready ready() {
      return new Ready(pid);
    }
  }

  /** Running and serving. */
  record Ready(long pid) implements Stoppable {
    /** It has been told to take up its configuration. */
    public Reloading reloading() {
      return new Reloading(pid);
    }
  }

  /** Taking up a changed configuration. */
  record Reloading(long pid) implements Stoppable {
    /** It serves again. */
    public Ready ready() {
      return new Ready(pid);
    }
  }

  /** Asked to end. */
  record Stopping(long pid) implements Running {
    /** It has ended. */
    public Stopped stopped() {
      return new Stopped();
    }
  }

  /**
   * Ended unasked, waiting to be started again.
   *
   * @param until when it will be started
   */
  record BackingOff(Instant until) implements Startable {
    /** It is not wanted any more. */
    public Stopped stopped() {
      return new Stopped();
    }

    /** It could not be started too often. */
    public GaveUp gaveUp() {
      return new GaveUp();
    }
  }

  /** Ended unasked too often; nobody starts it until somebody asks for it. */
  record GaveUp() implements Startable {
    /** It is not wanted any more. */
    public Stopped stopped() {
      return new Stopped();
    }
  }

  /** The state's name, as shown to operators. */
  default String label() {
    return switch (this) {
      case Stopped ignored -> "stopped";
      case Starting ignored -> "starting";
      case Ready ignored -> "ready";
      case Reloading ignored -> "reloading";
      case Stopping ignored -> "stopping";
      case BackingOff ignored -> "backing-off";
      case GaveUp ignored -> "gave-up";
    };
  }
}
