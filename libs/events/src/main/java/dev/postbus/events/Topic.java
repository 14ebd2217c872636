package dev.postbus.events;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The topics of a relay; each has one partition, and keeps its records unless retention is on. */
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
  CHECKPOINT("checkpoint"),
  /** What stands for records that retention has removed. */
  SNAPSHOT("snapshot");

  /**
   * The topics whose old records may be removed. Of the others nothing ever is: they vouch for what
   * was, or wait for somebody to look at them.
   */
  public static final Set<Topic> REMOVABLE =
      Collections.unmodifiableSet(EnumSet.of(CONFIG_CHANGED, CERT_CHANGED, RELAY_ACTIVITY));

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
