package dev.postbus.config;

/** A change was made for another version than the one in force: somebody else was first. */
final class VersionConflict extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Version current;

  VersionConflict(String expected, Version current) {
    super(
        "the version in force is %d (by %s, %s), not %s: look at what changed, then decide anew"
            .formatted(current.number(), current.actor(), current.time(), expected));
    this.current = current;
  }

  Version current() {
    return current;
  }
}
