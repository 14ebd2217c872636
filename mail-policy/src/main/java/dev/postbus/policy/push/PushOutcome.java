package dev.postbus.policy.push;

/** What became of one attempt to wake up a device, or of the wish to. */
public enum PushOutcome {
  /** The server took it. */
  TAKEN,
  /** The server knows no such device any more. */
  DEVICE_GONE,
  /** It failed and is tried again later. */
  RETRIED,
  /** It was given up after hours. */
  DROPPED_LATE,
  /** Too many wait. */
  DROPPED_FULL
}
