package dev.postbus.audit;

import dev.postbus.events.RawHeader;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/** The segments of a broker that is down, read and written by Kafka's own classes. */
record SegmentLog(Path data) implements AuditLog {
  private static final String SEGMENT = "00000000000000000000.log";

  @Override
  public Map<Topic, Long> counts() {
    return new EnumMap<>(Topic.class);
  }

  @Override
  public void read(Collection<Topic> topics, Consumer<RawRecord> taker) throws IOException {
    for (var topic : TopicOrder.of(topics)) {
      if (Files.exists(segment(topic))) {
        records(topic).forEach(taker);
      }
    }
  }

  List<RawRecord> records(Topic topic) throws IOException {
    var found = new ArrayList<RawRecord>();
    try (var file = FileRecords.open(segment(topic).toFile(), false)) {
      for (var kafka : file.records()) {
        var headers = new ArrayList<RawHeader>();
        for (var header : kafka.headers()) {
          headers.add(new RawHeader(header.key(), header.value()));
        }
        found.add(
            new RawRecord(
                topic,
                kafka.offset(),
                kafka.timestamp(),
                bytes(kafka.key()),
                headers,
                bytes(kafka.value())));
      }
    }
    return found;
  }

  /**
   * Puts other records in place of a topic's, with valid checksums, and has its indices made anew.
   */
  void replace(Topic topic, List<RawRecord> records) throws IOException {
    var buffer = ByteBuffer.allocate(1 << 20);
    for (var raw : records) {
      var headers =
          raw.headers().stream()
              .map(header -> (Header) new RecordHeader(header.name(), header.value()))
              .toArray(Header[]::new);
      buffer.put(
          MemoryRecords.withRecords(
                  raw.offset(),
                  Compression.NONE,
                  0,
                  new SimpleRecord(raw.timestamp(), raw.key(), raw.value(), headers))
              .buffer());
    }
    buffer.flip();
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    Files.write(segment(topic), bytes);
    try (var others = Files.list(segment(topic).getParent())) {
      for (var other :
          others.filter(f -> f.toString().matches(".*\\.(index|timeindex|snapshot)")).toList()) {
        Files.delete(other);
      }
    }
    // As after a crash, so that the broker looks at what is there.
    Files.deleteIfExists(data.resolve(".kafka_cleanshutdown"));
  }

  private Path segment(Topic topic) {
    return data.resolve(topic.kafkaName() + "-0").resolve(SEGMENT);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    var copy = buffer.duplicate();
    var bytes = new byte[copy.remaining()];
    copy.get(bytes);
    return bytes;
  }

  @Override
  public void close() {}
}
