package dev.postbus.audit;

import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** A log as it was at one moment, on a bus or in an export. Not for several threads. */
public interface AuditLog extends AutoCloseable {
  /** How many records each topic holds. */
  Map<Topic, Long> counts();

  /**
   * Reads topics one after the other, {@link Topic#CHECKPOINT} and {@link Topic#SNAPSHOT} first and
   * the others in their order, each from its beginning. What comes to a bus meanwhile is left out.
   *
   * @throws IOException if the log cannot be read any further
   */
  void read(Collection<Topic> topics, Consumer<RawRecord> taker) throws IOException;

  @Override
  void close();
}
