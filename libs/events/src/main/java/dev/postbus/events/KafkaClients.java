package dev.postbus.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka clients with settings for few, small records on a small machine. */
final class KafkaClients {
  static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BULK_PATIENCE = Duration.ofSeconds(60);
  // Behind the end of a topic, the broker waits for more so long, and answers nothing else.
  private static final int ENDING_WAIT_MILLIS = 10;
  private static final int LARGEST_RECORD = 24 << 20;
  private static final Map<String, Object> RELIABLE =
      Map.of("acks", "all", "enable.idempotence", true);

  private KafkaClients() {}

  static KafkaProducer<String, byte[]> producer(String bootstrap) {
    var settings = common(bootstrap);
    settings.put("linger.ms", 0);
    settings.put("buffer.memory", 1 << 20);
    settings.put("batch.size", 4096);
    settings.put("max.block.ms", (int) PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("delivery.timeout.ms", (int) PATIENCE.multipliedBy(2).toMillis());
    return reliable(settings);
  }

  /** One for very many records in a row: in large batches, and patient with a slow broker. */
  static KafkaProducer<String, byte[]> bulkProducer(String bootstrap) {
    return reliable(bulk(bootstrap));
  }

  /** The same for records as they are. */
  static KafkaProducer<byte[], byte[]> rawProducer(String bootstrap) {
    var settings = bulk(bootstrap);
    settings.put("max.request.size", LARGEST_RECORD);
    settings.put("buffer.memory", LARGEST_RECORD);
    settings.putAll(RELIABLE);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Map<String, Object> bulk(String bootstrap) {
    var settings = common(bootstrap);
    settings.put("linger.ms", 5);
    settings.put("buffer.memory", 8 << 20);
    settings.put("batch.size", 1 << 17);
    settings.put("max.block.ms", (int) BULK_PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) BULK_PATIENCE.toMillis());
    settings.put("delivery.timeout.ms", (int) BULK_PATIENCE.multipliedBy(2).toMillis());
    // While a topic has just been made, a broker may put off one batch and take the next one, after
    // which the first is out of order for ever.
    settings.put("max.in.flight.requests.per.connection", 1);
    return settings;
  }

  private static KafkaProducer<String, byte[]> reliable(Map<String, Object> settings) {
    settings.putAll(RELIABLE);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  static KafkaConsumer<String, byte[]> consumer(String bootstrap) {
    return new KafkaConsumer<>(
        reading(bootstrap), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** One that reads up to an end that it knows. */
  static KafkaConsumer<String, byte[]> endingConsumer(String bootstrap) {
    var settings = reading(bootstrap);
    settings.put("fetch.max.wait.ms", ENDING_WAIT_MILLIS);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** One for small pieces of the log, which does not read far ahead of what it is asked for. */
  static KafkaConsumer<String, byte[]> pageConsumer(String bootstrap) {
    var settings = reading(bootstrap);
    settings.put("max.partition.fetch.bytes", 1 << 18);
    settings.put("max.poll.records", 1000);
    // At the end of a topic a broker would wait for more, and the next piece for that.
    settings.put("fetch.max.wait.ms", ENDING_WAIT_MILLIS);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static Map<String, Object> reading(String bootstrap) {
    var settings = common(bootstrap);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("receive.buffer.bytes", 65536);
    settings.put("max.poll.records", 500);
    settings.put("check.crcs", true);
    return settings;
  }

  /** One for the whole of a log, in large pieces. */
  static KafkaConsumer<byte[], byte[]> bulkConsumer(String bootstrap) {
    var settings = common(bootstrap);
    settings.put("auto.offset.reset", "none");
    settings.put("enable.auto.commit", false);
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("receive.buffer.bytes", 1 << 18);
    settings.put("max.partition.fetch.bytes", 4 << 20);
    settings.put("fetch.max.bytes", 4 << 20);
    settings.put("max.poll.records", 2000);
    settings.put("fetch.max.wait.ms", ENDING_WAIT_MILLIS);
    settings.put("check.crcs", true);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Makes the topics that are missing. */
  static void ensureTopics(String bootstrap, short replication) {
    var settings = common(bootstrap);
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis());
    try (var admin = Admin.create(settings)) {
      var there = admin.listTopics().names().get(10, TimeUnit.SECONDS);
      var missing = new ArrayList<NewTopic>();
      for (var topic : Topic.values()) {
        if (!there.contains(topic.kafkaName())) {
          missing.add(
              new NewTopic(topic.kafkaName(), 1, replication)
                  .configs(Map.of("retention.ms", "-1", "retention.bytes", "-1")));
        }
      }
      for (var made : admin.createTopics(missing).values().values()) {
        try {
          made.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("topics could not be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  /** Removes what stands before offsets. */
  static void deleteBefore(String bootstrap, Map<Topic, Long> offsets) {
    var settings = common(bootstrap);
    settings.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    settings.put("request.timeout.ms", (int) PATIENCE.toMillis());
    var asked = new HashMap<TopicPartition, RecordsToDelete>();
    offsets.forEach(
        (topic, offset) -> asked.put(partition(topic), RecordsToDelete.beforeOffset(offset)));
    try (var admin = Admin.create(settings)) {
      admin.deleteRecords(asked).all().get(BULK_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new KafkaException("records could not be removed: " + e.getCause(), e);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("records could not be removed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  static TopicPartition partition(Topic topic) {
    return new TopicPartition(topic.kafkaName(), 0);
  }

  static List<TopicPartition> partitions(Iterable<Topic> topics) {
    var all = new ArrayList<TopicPartition>();
    topics.forEach(topic -> all.add(partition(topic)));
    return all;
  }

  private static Map<String, Object> common(String bootstrap) {
    var settings = new HashMap<String, Object>(BusSecurity.here());
    settings.put("bootstrap.servers", bootstrap);
    settings.put("metric.reporters", "");
    settings.put("enable.metrics.push", false);
    settings.put("reconnect.backoff.ms", 50);
    settings.put("reconnect.backoff.max.ms", 1000);
    settings.put("socket.connection.setup.timeout.ms", 2000);
    return settings;
  }
}
