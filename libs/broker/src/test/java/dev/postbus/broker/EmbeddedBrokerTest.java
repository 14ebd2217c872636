package dev.postbus.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  private static final String TOPIC = "things";

  @TempDir Path data;

  @Test
  void keepsRecordsAcrossARestart() throws Exception {
    BrokerSettings settings;
    try (var broker = EmbeddedBroker.startOnFreePorts(data)) {
      settings = broker.settings();
      makeTopic(broker.bootstrap());
      send(broker.bootstrap(), "one");
    }

    try (var broker = EmbeddedBroker.start(settings)) {
      send(broker.bootstrap(), "two");
      assertThat(all(broker.bootstrap(), 2)).containsExactly("one", "two");
    }
  }

  @Test
  void keepsAcknowledgedRecordsWhenItsProcessIsKilled() throws Exception {
    // Given a broker process with an acknowledged record
    BrokerSettings settings;
    try (var probe = EmbeddedBroker.startOnFreePorts(data)) {
      settings = probe.settings();
      makeTopic(probe.bootstrap());
    }
    var process = program(settings);
    assertThat(process.inputReader().readLine()).isEqualTo("broker ready on " + at(settings));
    send(at(settings), "kept");

    // When it is killed and another one starts
    process.destroyForcibly().onExit().get(10, TimeUnit.SECONDS);
    var next = program(settings);
    assertThat(next.inputReader().readLine()).startsWith("broker ready");

    // Then the record is there, and the process ends when asked to
    assertThat(all(at(settings), 1)).containsExactly("kept");
    next.destroy();
    assertThat(next.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  private static String at(BrokerSettings settings) {
    return settings.host() + ":" + settings.port();
  }

  private static Process program(BrokerSettings settings) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProgram.class.getName(),
            settings.data().toString(),
            settings.host(),
            "" + settings.port(),
            "" + settings.controllerPort())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void makeTopic(String bootstrap) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
  }

  private static void send(String bootstrap, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, value)).get();
    }
  }

  private static List<String> all(String bootstrap, int count) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrap),
            new StringDeserializer(),
            new StringDeserializer())) {
      var partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var values = new ArrayList<String>();
      for (int i = 0; i < 100 && values.size() < count; i++) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }
}
