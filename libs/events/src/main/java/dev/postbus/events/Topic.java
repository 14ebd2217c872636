package dev.postbus.events;

/** The topics of a relay; each has one partition and keeps its records for ever. */
public enum Topic {
  /** New versions of the configuration. */
  CONFIG_CHANGED("config-changed"),
  /** New certificates. */
  CERT_CHANGED("cert-changed"),
  /** What was done about either, and what processes did. */
  RELAY_ACTIVITY("relay-activity"),
  /** Records that somebody could not read. */
  DEAD_LETTER("dead-letter"),
  /** What writers vouch for; on a topic of its own, as no service needs to read it. */
  CHECKPOINT("checkpoint");

  private final String kafkaName;

  Topic(String kafkaName) {
    this.kafkaName = kafkaName;
  }

  /** The topic's name on the bus. */
  public String kafkaName() {
    return kafkaName;
  }

  /**
   * The topic of a name.
   *
   * @throws IllegalArgumentException if no topic of a relay has it
   */
  public static Topic ofKafkaName(String name) {
    for (var topic : values()) {
      if (topic.kafkaName.equals(name)) {
        return topic;
      }
    }
    throw new IllegalArgumentException("no topic of a relay: " + name);
  }
}
