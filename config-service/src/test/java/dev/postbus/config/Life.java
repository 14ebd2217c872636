package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.config.Version.Author;
import dev.postbus.events.BusSettings;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A life of the service on a state folder, put together as the service is. */
final class Life implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Author TESTER = new Author("api:tester", "to see");
  private static final Map<String, String> ENVIRONMENT = Map.of("MAIL_DOMAIN", "_test.example");

  private final VersionFiles files;
  private final CompletableFuture<LogHistory> history = new CompletableFuture<>();
  private final CompletableFuture<ConfigKeeper> keeper = new CompletableFuture<>();
  private final CompletableFuture<Void> seen = new CompletableFuture<>();
  private final EventBus bus;

  Life(Path state, String bootstrap) throws Exception {
    this(state, bootstrap, "config");
  }

  /** One of many on the same broker, under a name of its own. */
  Life(Path state, String bootstrap, String service) throws Exception {
    files = new VersionFiles(state.resolve("versions"));
    bus =
        EventBus.open(
            new BusSettings(
                bootstrap, "_test.example", service, state.resolve("outbox"), (short) 1),
            this::complete);
    history.complete(new LogHistory(files, state.resolve("log-mark.json"), bus));
    if (files.incomplete()) {
      seen.get();
    }
    keeper.complete(
        ConfigKeeper.start(
            new IniSource(state.resolve("chatmail.ini"), false), files, ENVIRONMENT, bus));
  }

  private void complete() {
    var content = history().read();
    if (files.incomplete()) {
      history().complete(content);
    } else {
      keeper().complete(history(), content);
    }
    seen.complete(null);
  }

  ConfigKeeper keeper() {
    return keeper.join();
  }

  LogHistory history() {
    return history.join();
  }

  VersionFiles files() {
    return files;
  }

  EventBus bus() {
    return bus;
  }

  Version set(String key, String value) throws Exception {
    var change = keeper().change(new Edit(Map.of(key, value), List.of()), null, TESTER);
    assertThat(change.unchanged()).isFalse();
    return change.version();
  }

  List<Version> versions() {
    return files.numbers().stream().map(number -> files.read(number).orElseThrow()).toList();
  }

  /** Waits until all is sent. */
  void awaitSent() {
    await().atMost(LONG).until(() -> seen.isDone() && bus.allSent());
  }

  /** What the log holds when all is sent, in its order. */
  List<Envelope<RelayEvent>> published() {
    awaitSent();
    var found = new ArrayList<Envelope<RelayEvent>>();
    bus.readOwn(Topic.CONFIG_CHANGED, 0, found::add);
    return found;
  }

  List<Long> publishedNumbers() {
    return published().stream().map(e -> ((ConfigChanged) e.event()).version()).toList();
  }

  @Override
  public void close() {
    bus.close();
  }
}
