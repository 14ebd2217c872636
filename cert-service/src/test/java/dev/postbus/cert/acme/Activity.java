package dev.postbus.cert.acme;

import static org.awaitility.Awaitility.await;

import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything on the topic of activities, read by one reader for all tests. */
final class Activity implements AutoCloseable {
  private final List<Envelope<RelayEvent>> all = new CopyOnWriteArrayList<>();
  private final EventReader reader;

  Activity(String bootstrap) {
    reader = EventReader.start(bootstrap, Set.of(Topic.RELAY_ACTIVITY), Map.of(), all::add);
  }

  /** What a bus has published so far, without the mark that says that this is all. */
  List<Envelope<RelayEvent>> of(EventBus bus) {
    var mark = bus.publish(new RelayActivity.ProcessReady(bus.service(), "mark", 0, 0), null);
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> all.stream().anyMatch(envelope -> envelope.id().equals(mark.id())));
    return all.stream()
        .filter(envelope -> envelope.source().equals(bus.source()))
        .filter(envelope -> !(envelope.event() instanceof RelayActivity.ProcessReady))
        .toList();
  }

  @Override
  public void close() {
    reader.close();
  }
}
