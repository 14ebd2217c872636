package dev.postbus.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker and controller in this JVM, tuned for a small machine: few threads, small buffers,
 * one replica of everything. Records are kept for ever.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE = 1;

  private final BrokerSettings settings;
  private final KafkaRaftServer server;

  private EmbeddedBroker(BrokerSettings settings, KafkaRaftServer server) {
    this.settings = settings;
    this.server = server;
  }

  /**
   * Starts a broker; formats its folder when it is new.
   *
   * @throws UncheckedIOException if the folder cannot be used
   */
  public static EmbeddedBroker start(BrokerSettings settings) {
    return start(settings, Map.of());
  }

  private static EmbeddedBroker start(BrokerSettings settings, Map<String, String> more) {
    var properties = properties(settings);
    properties.putAll(more);
    format(settings);
    var server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(settings, server);
  }

  /** Starts a broker on free loopback ports, for tests. */
  public static EmbeddedBroker startOnFreePorts(Path data) {
    return startOnFreePorts(data, Map.of());
  }

  /** The same with further settings of Kafka's, which win over ours. */
  public static EmbeddedBroker startOnFreePorts(Path data, Map<String, String> more) {
    return start(new BrokerSettings(data, "127.0.0.1", freePort(), freePort()), more);
  }

  /** What clients need to find it: {@code host:port}. */
  public String bootstrap() {
    return settings.host() + ":" + settings.port();
  }

  /** What it was started with, so that a test can start it again in the same place. */
  public BrokerSettings settings() {
    return settings;
  }

  /** Stops it and waits until it is down. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
  }

  private static void format(BrokerSettings settings) {
    try {
      Files.createDirectories(settings.data());
      if (Files.exists(settings.data().resolve("meta.properties"))) {
        return;
      }
      var formatter =
          new Formatter()
              .setNodeId(NODE)
              .setClusterId(Uuid.randomUuid().toString())
              .setControllerListenerName("CONTROLLER")
              .setMetadataLogDirectory(settings.data().toString())
              .addDirectory(settings.data().toString())
              .setIgnoreFormatted(true);
      formatter.run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + settings.data() + " for the broker", e);
    } catch (Exception e) {
      throw new IllegalStateException("cannot format " + settings.data() + " for the broker", e);
    }
  }

  private static Properties properties(BrokerSettings settings) {
    var host = settings.host();
    var p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "" + NODE);
    p.put("controller.quorum.voters", NODE + "@" + host + ":" + settings.controllerPort());
    p.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d"
            .formatted(host, settings.port(), host, settings.controllerPort()));
    p.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(host, settings.port()));
    p.put("controller.listener.names", "CONTROLLER");
    p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("log.dirs", settings.data().toString());

    p.put("num.partitions", "1");
    p.put("default.replication.factor", "1");
    p.put("auto.create.topics.enable", "false");
    p.put("log.retention.ms", "-1");
    p.put("log.retention.bytes", "-1");
    // Disk is given back by whole segments, when all of one has been removed.
    p.put("log.segment.bytes", "" + (64 << 20));
    // Few records, each of which matters: on disk before it is acknowledged.
    p.put("log.flush.interval.messages", "1");
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    p.put("group.initial.rebalance.delay.ms", "0");

    p.put("num.network.threads", "1");
    p.put("num.io.threads", "1");
    p.put("background.threads", "1");
    p.put("num.recovery.threads.per.data.dir", "1");
    p.put("log.cleaner.threads", "1");
    p.put("log.cleaner.dedupe.buffer.size", "2097152");
    p.put("socket.send.buffer.bytes", "65536");
    p.put("socket.receive.buffer.bytes", "65536");

    // A restart, also after a crash, must not wait for the old session of this one broker.
    p.put("controlled.shutdown.enable", "true");
    p.put("broker.session.timeout.ms", "1000");
    p.put("broker.heartbeat.interval.ms", "250");
    return p;
  }
}
