package dev.postbus.events;

/** A record on the bus that is not one of ours, or not whole. */
public final class UnreadableRecord extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unknownType;

  private UnreadableRecord(String reason, boolean unknownType) {
    super(reason);
    this.unknownType = unknownType;
  }

  static UnreadableRecord broken(String reason) {
    return new UnreadableRecord(reason, false);
  }

  static UnreadableRecord ofUnknownType(String type) {
    return new UnreadableRecord("unknown event type " + type, true);
  }

  /** Whether it is well-formed, only of a kind that this version does not know. */
  public boolean unknownType() {
    return unknownType;
  }
}
