package dev.postbus.audit;

import dev.postbus.events.RawLog;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RawWriter;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Puts an export on an empty bus, each record as it was. One that was cut short goes on where it
 * ended when it is repeated: a bus that holds the beginning of the export, and nothing else, counts
 * as empty.
 */
public final class Import {
  private final ExportLog export;
  private final String bootstrap;

  private Import(ExportLog export, String bootstrap) {
    this.export = export;
    this.bootstrap = bootstrap;
  }

  /**
   * Imports.
   *
   * @param bootstrap Kafka's bootstrap servers, {@code host:port,…}
   * @param replication replication factor for topics that have to be made, 1 or more
   * @param progress is told how many records are there
   * @return how many records were written
   * @throws IOException if the export or the bus cannot be used, or the bus holds something else
   */
  public static long of(
      ExportLog export, String bootstrap, short replication, LongConsumer progress)
      throws IOException {
    try {
      return new Import(export, bootstrap).run(replication, progress);
    } catch (KafkaException e) {
      throw new IOException(
          "the bus at %s did not take all (%s); repeat the import, it goes on from there"
              .formatted(bootstrap, e.getMessage()),
          e);
    }
  }

  private long run(short replication, LongConsumer progress) throws IOException {
    var there = there();
    refuseOthers(there);
    var place = new EnumMap<Topic, Long>(Topic.class);
    var written = new long[2];
    try (var writer = RawWriter.open(bootstrap, replication)) {
      export.read(
          EnumSet.allOf(Topic.class),
          raw -> {
            if (place.merge(raw.topic(), 1L, Long::sum) > there.getOrDefault(raw.topic(), 0L)) {
              writer.write(raw);
              written[0]++;
            }
            progress.accept(++written[1]);
          });
      writer.flush();
    }
    var now = there();
    if (!now.equals(nonZero(export.counts()))) {
      throw new IOException(
          "while the export was imported, somebody else wrote to the bus: it holds %s, the export %s. Stop the services, and import into an empty bus"
              .formatted(text(now), text(export.counts())));
    }
    return written[0];
  }

  private Map<Topic, Long> there() {
    try (var log = RawLog.open(bootstrap)) {
      var counts = new EnumMap<Topic, Long>(Topic.class);
      log.ranges().forEach((topic, range) -> counts.put(topic, range.to()));
      return nonZero(counts);
    }
  }

  private static Map<Topic, Long> nonZero(Map<Topic, Long> counts) {
    var some = new EnumMap<Topic, Long>(Topic.class);
    counts.forEach(
        (topic, count) -> {
          if (count > 0) {
            some.put(topic, count);
          }
        });
    return some;
  }

  private void refuseOthers(Map<Topic, Long> there) throws IOException {
    if (there.isEmpty()) {
      return;
    }
    var begins = new EnumMap<Topic, Beginning>(Topic.class);
    export.read(there.keySet(), raw -> add(begins, raw, there));
    var own = new EnumMap<Topic, Beginning>(Topic.class);
    try (var log = BusLog.open(bootstrap)) {
      log.read(there.keySet(), raw -> add(own, raw, there));
    }
    for (var topic : there.keySet()) {
      var theirs = begins.get(topic);
      var ours = own.get(topic);
      if (theirs == null || ours == null || !theirs.same(ours)) {
        throw new IOException(
            "the bus at %s is not empty: it holds %s, and that is not the beginning of the export. Nothing was written; an export goes into an empty bus"
                .formatted(bootstrap, text(there)));
      }
    }
  }

  private static void add(Map<Topic, Beginning> all, RawRecord raw, Map<Topic, Long> there) {
    var beginning = all.computeIfAbsent(raw.topic(), topic -> new Beginning());
    if (beginning.count < there.getOrDefault(raw.topic(), 0L)) {
      beginning.add(raw);
    }
  }

  private static String text(Map<Topic, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " records on " + entry.getKey().kafkaName())
        .collect(Collectors.joining(", "));
  }

  /** The first records of a topic. */
  private static final class Beginning {
    private final MessageDigest sha = Export.sha256();
    private long count;

    void add(RawRecord raw) {
      count++;
      part(raw.key());
      for (var header : raw.headers()) {
        part(header.name().getBytes(StandardCharsets.UTF_8));
        part(header.value());
      }
      part(raw.value());
    }

    boolean same(Beginning other) {
      return count == other.count && Arrays.equals(sha.digest(), other.sha.digest());
    }

    private void part(byte @Nullable [] bytes) {
      sha.update(
          ByteBuffer.allocate(Integer.BYTES).putInt(bytes == null ? -1 : bytes.length).flip());
      if (bytes != null) {
        sha.update(bytes);
      }
    }
  }
}
