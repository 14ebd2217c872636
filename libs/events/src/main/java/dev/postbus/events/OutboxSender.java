package dev.postbus.events;

import dev.postbus.events.EventCodec.Attributes;
import dev.postbus.events.Heads.Head;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the outbox's entries one after another until each is acknowledged.
 *
 * <p>Before the first record of a topic, and after any send whose outcome is unknown, it reads the
 * log behind its last known record: there it finds its own last sequence and digest, and which
 * entries a crash left in the outbox although they had arrived.
 */
final class OutboxSender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OutboxSender.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final BusSettings settings;
  private final Outbox outbox;
  private final Heads heads;
  private final Duration lookEvery;
  private final Runnable beforeSending;
  private final Checkpoints checkpoints;
  private final Traces traces;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Set<Topic> synced = EnumSet.noneOf(Topic.class);
  private final Set<String> arrived = new HashSet<>();
  private boolean signalled;
  private volatile boolean closed;
  private volatile boolean connected;
  private @Nullable KafkaProducer<String, byte[]> producer;
  private boolean used;

  OutboxSender(
      BusSettings settings,
      Outbox outbox,
      Heads heads,
      Checkpoints checkpoints,
      Traces traces,
      Duration lookEvery,
      Runnable beforeSending) {
    this.beforeSending = beforeSending;
    this.checkpoints = checkpoints;
    this.traces = traces;
    this.settings = settings;
    this.outbox = outbox;
    this.heads = heads;
    this.lookEvery = lookEvery;
    this.thread = Thread.ofPlatform().name("outbox").daemon().unstarted(this::run);
    thread.start();
  }

  /** There is something new in the outbox. */
  void wake() {
    lock.lock();
    try {
      signalled = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the last thing that was tried with the bus worked. */
  boolean connected() {
    return connected;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    var pause = FIRST_PAUSE;
    while (!closed) {
      try {
        if (!connected) {
          KafkaClients.ensureTopics(settings.bootstrap(), settings.replication());
          log.info("connected to the bus at {}", settings.bootstrap());
          beforeSending.run();
          connected = true;
          prepare();
        }
        var usedBefore = used;
        var before = connectionsMade();
        sendAll();
        pause = FIRST_PAUSE;
        if (!usedBefore) {
          // The first record makes the connection that all others take.
          before = connectionsMade();
        }
        var quiet = !awaitNews();
        if (connectionsMade() > before) {
          // Whoever answers now, or took what was sent last, may be a broker that has forgotten
          // everything.
          log.info("the bus was away for a moment");
          forgetConnection();
        } else if (quiet) {
          signWhatIsDue(true);
        }
      } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
        break;
      } catch (ExecutionException | TimeoutException | KafkaException e) {
        if (connected) {
          log.warn("the bus is away ({}); events wait in the outbox", rootMessage(e));
        }
        forgetConnection();
        pause = pauseFor(pause);
      } catch (RuntimeException e) {
        log.error("the outbox cannot be sent", e);
        forgetConnection();
        pause = pauseFor(pause);
      }
    }
    dropProducer();
  }

  /** Does now what would delay the first event. */
  private void prepare() {
    for (var topic : heads.topics()) {
      if (topic == Topic.CHECKPOINT) {
        // Nobody waits for one.
        continue;
      }
      currentProducer().partitionsFor(topic.kafkaName());
      if (synced.add(topic)) {
        readOwnTail(topic);
      }
    }
  }

  private void sendAll() throws InterruptedException, ExecutionException, TimeoutException {
    for (var next = outbox.first(); next.isPresent() && !closed; next = outbox.first()) {
      var waiting = next.get();
      var topic = waiting.entry().topic();
      if (synced.add(topic)) {
        readOwnTail(topic);
      }
      if (!arrived.remove(waiting.entry().id())) {
        send(waiting.entry());
      }
      outbox.remove(waiting);
      signWhatIsDue(false);
    }
  }

  /** Not by way of the outbox: what a crash takes of it is signed next time. */
  private void signWhatIsDue(boolean idle)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!checkpoints.due(heads.all(), idle)) {
      return;
    }
    if (synced.add(Topic.CHECKPOINT)) {
      readOwnTail(Topic.CHECKPOINT);
    }
    var signed = heads.all();
    var checkpoint = checkpoints.sign(signed);
    if (checkpoint.isPresent()) {
      send(
          new Outbox.Entry(
              EventBus.newId(),
              Topic.CHECKPOINT,
              checkpoint.get().type(),
              checkpoints.now(),
              null,
              null,
              EventCodec.utf8(EventCodec.dataOf(checkpoint.get()))));
      checkpoints.made(signed);
    }
  }

  private void send(Outbox.Entry entry)
      throws InterruptedException, ExecutionException, TimeoutException {
    var topic = entry.topic();
    var head = heads.of(topic);
    var trace = traces.of(entry);
    var attributes =
        new Attributes(
            entry.id(),
            entry.type(),
            settings.source(),
            settings.domain(),
            entry.time(),
            head == null ? 1 : head.sequence() + 1,
            entry.causationId(),
            head == null ? null : head.digest(),
            trace == null ? null : trace.traceparent(),
            trace == null ? null : trace.tracestate());
    var data = entry.data().getBytes(StandardCharsets.UTF_8);
    var sent = currentProducer().send(EventCodec.write(topic, attributes, data));
    RecordMetadata where =
        sent.get(2 * KafkaClients.PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS);
    used = true;
    heads.set(
        topic,
        new Head(
            entry.id(), attributes.sequence(), RecordDigest.of(attributes, data), where.offset()));
  }

  private void readOwnTail(Topic topic) {
    var known = heads.of(topic);
    try (var consumer = KafkaClients.endingConsumer(settings.bootstrap())) {
      var partition = KafkaClients.partition(topic);
      consumer.assign(List.of(partition));
      var snapshots = KafkaClients.partition(Topic.SNAPSHOT);
      var ends = consumer.endOffsets(List.of(partition, snapshots));
      long end = ends.getOrDefault(partition, 0L);
      if (Topic.REMOVABLE.contains(topic) && ends.getOrDefault(snapshots, 0L) > 0) {
        learnOfRemoved(
            topic, consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L));
      }
      if (known != null && known.offset() >= end) {
        log.warn(
            "topic {} ends at {} though own record {} was at {}: the log was lost or cut; the"
                + " sequence goes on",
            topic.kafkaName(),
            end,
            known.id(),
            known.offset());
        consumer.seekToBeginning(List.of(partition));
      } else if (known != null) {
        consumer.seek(partition, known.offset());
      } else {
        consumer.seekToBeginning(List.of(partition));
      }
      while (consumer.position(partition) < end) {
        for (var kafka : consumer.poll(KafkaClients.PATIENCE)) {
          noteIfOwn(topic, kafka);
        }
      }
    }
  }

  /** The last own record may be one that retention has removed. */
  private void learnOfRemoved(Topic topic, long begin) {
    var known = heads.of(topic);
    if (known == null || known.offset() < begin) {
      RemovedHeads.last(settings, topic)
          .filter(removed -> known == null || removed.sequence() > known.sequence())
          .ifPresent(
              removed ->
                  heads.set(
                      topic,
                      new Head("", removed.sequence(), removed.digest(), Math.max(0, begin - 1))));
    }
  }

  private void noteIfOwn(
      Topic topic, org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]> kafka) {
    try {
      var event = EventCodec.cloudEvent(kafka);
      if (event.getSource().equals(settings.source())) {
        var attributes = EventCodec.attributesOf(event);
        var data = event.getData() == null ? new byte[0] : event.getData().toBytes();
        arrived.add(attributes.id());
        var head = heads.of(topic);
        if (head == null || attributes.sequence() > head.sequence()) {
          heads.set(
              topic,
              new Head(
                  attributes.id(),
                  attributes.sequence(),
                  RecordDigest.of(attributes, data),
                  kafka.offset()));
        }
      }
    } catch (UnreadableRecord foreign) {
      log.debug("passed over a record that is not ours at {}", kafka.offset());
    }
  }

  private KafkaProducer<String, byte[]> currentProducer() {
    if (producer == null) {
      producer = KafkaClients.producer(settings.bootstrap());
      used = false;
    }
    return producer;
  }

  /** How often the producer has connected; it does so by itself after a broker was away. */
  private double connectionsMade() {
    return producer == null
        ? 0
        : producer.metrics().values().stream()
            .filter(metric -> metric.metricName().name().equals("connection-creation-total"))
            .filter(metric -> metric.metricName().group().equals("producer-metrics"))
            .mapToDouble(metric -> (Double) metric.metricValue())
            .sum();
  }

  private void forgetConnection() {
    connected = false;
    // What was sent last may have arrived or not: the log will tell.
    synced.clear();
    arrived.clear();
    dropProducer();
  }

  private void dropProducer() {
    if (producer != null) {
      var interrupted = Thread.interrupted();
      producer.close(Duration.ZERO);
      producer = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether there is something new; nothing is if that took too long. */
  private boolean awaitNews() throws InterruptedException {
    lock.lock();
    try {
      var left = lookEvery.toNanos();
      while (!signalled && left > 0) {
        left = news.awaitNanos(left);
      }
      var woken = signalled;
      signalled = false;
      return woken;
    } finally {
      lock.unlock();
    }
  }

  private Duration pauseFor(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private static String rootMessage(Throwable e) {
    var root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
