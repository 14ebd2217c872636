package dev.postbus.audit;

import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A log in memory, to be tampered with. */
record RecordedLog(Map<Topic, List<RawRecord>> records) implements AuditLog {
  static RecordedLog of(AuditLog log) throws IOException {
    var records = new EnumMap<Topic, List<RawRecord>>(Topic.class);
    for (var topic : Topic.values()) {
      records.put(topic, new ArrayList<>());
    }
    log.read(EnumSet.allOf(Topic.class), raw -> records.get(raw.topic()).add(raw));
    return new RecordedLog(records);
  }

  List<RawRecord> on(Topic topic) {
    return records.get(topic);
  }

  @Override
  public Map<Topic, Long> counts() {
    var counts = new EnumMap<Topic, Long>(Topic.class);
    records.forEach((topic, all) -> counts.put(topic, (long) all.size()));
    return counts;
  }

  @Override
  public void read(Collection<Topic> topics, Consumer<RawRecord> taker) {
    for (var topic : TopicOrder.of(topics)) {
      List.copyOf(records.get(topic)).forEach(taker);
    }
  }

  @Override
  public void close() {}
}
