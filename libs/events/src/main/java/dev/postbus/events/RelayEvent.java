package dev.postbus.events;

/** Something that happened in a relay. Each kind has one type name and one topic. */
public sealed interface RelayEvent
    permits ConfigChanged, CertChanged, RelayActivity, DeadLetter, Checkpoint, Snapshot {
  /** The topic that this kind of event goes to. */
  default Topic topic() {
    return switch (this) {
      case ConfigChanged ignored -> Topic.CONFIG_CHANGED;
      case CertChanged ignored -> Topic.CERT_CHANGED;
      case RelayActivity ignored -> Topic.RELAY_ACTIVITY;
      case DeadLetter ignored -> Topic.DEAD_LETTER;
      case Checkpoint ignored -> Topic.CHECKPOINT;
      case Snapshot ignored -> Topic.SNAPSHOT;
    };
  }

  /** The CloudEvents type, e.g. {@code dev.postbus.config-changed.v1}. */
  default String type() {
    return EventTypes.nameOf(getClass());
  }
}
