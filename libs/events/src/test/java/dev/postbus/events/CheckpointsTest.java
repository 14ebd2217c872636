package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.Checkpoint.ChainHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String EVERY = "POSTBUS_CHECKPOINT_RECORDS";

  @TempDir Path folder;

  @BeforeEach
  void often() {
    System.setProperty(EVERY, "3");
  }

  @AfterEach
  void asEver() {
    System.clearProperty(EVERY);
  }

  @Test
  void aWriterVouchesForItsRecordsWithAKeyThatOutlivesIt() throws IOException {
    try (var broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"))) {
      // Given a writer of seven records in two lives, and one whose key was lost
      live(broker, 4);
      live(broker, 3);
      var key = folder.resolve("own/" + CheckpointKey.FILE);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
      var before = Files.readString(key);
      Files.delete(key);
      live(broker, 3);
      assertThat(Files.readString(key)).isNotEqualTo(before);

      // Then there is a checkpoint for each three
      var read = checkpoints(broker, 3);
      assertThat(read).hasSize(3);
      assertThat(read).extracting(e -> head(e).sequence()).containsExactly(3L, 6L, 9L);

      // And each holds a valid signature, over the checkpoint before it, too
      for (var envelope : read) {
        assertThat(valid(envelope.event(), envelope)).isTrue();
      }
      assertThat(read.get(1).event().heads())
          .contains(new ChainHead("checkpoint", 1, read.get(0).digest()));

      // And the key is the same until it was lost
      assertThat(read.get(1).event().publicKey()).isEqualTo(read.get(0).event().publicKey());
      assertThat(read.get(2).event().publicKey()).isNotEqualTo(read.get(0).event().publicKey());

      // And what is altered in one, or signed by another, is not valid
      var one = read.getFirst();
      var made = one.event();
      var head = head(one);
      var other = List.of(new ChainHead(head.topic(), head.sequence() + 1, head.digest()));
      assertThat(
              valid(new Checkpoint(made.service(), other, made.publicKey(), made.signature()), one))
          .isFalse();
      assertThat(
              valid(
                  new Checkpoint(
                      made.service(),
                      made.heads(),
                      read.get(2).event().publicKey(),
                      made.signature()),
                  one))
          .isFalse();
      assertThat(CheckpointSignature.isValid(made, "urn:postbus:another", one.subject())).isFalse();
      assertThat(valid(new Checkpoint(made.service(), made.heads(), "no key", "none"), one))
          .isFalse();
    }
  }

  @Test
  void isDueAfterSoManyRecordsOrWhenThereIsSomethingNewAndTheLastIsOld() {
    var interval = new CheckpointInterval(100, Duration.ofHours(24));
    var settings = settings("127.0.0.1:1");
    var heads = Map.of(Topic.CONFIG_CHANGED, new Heads.Head("id", 7, "00", 6));
    var more = Map.of(Topic.CONFIG_CHANGED, new Heads.Head("id", 8, "00", 7));
    var many = Map.of(Topic.CONFIG_CHANGED, new Heads.Head("id", 107, "00", 106));
    new Outbox(settings.outbox());

    // The first as soon as there is time, none without anything
    var first = new Checkpoints(settings, interval, at(NOON));
    assertThat(first.due(Map.of(), true)).isFalse();
    assertThat(first.due(heads, false)).isFalse();
    assertThat(first.due(heads, true)).isTrue();
    first.made(heads);
    assertThat(first.due(heads, true)).isFalse();
    assertThat(first.due(more, true)).isFalse();
    assertThat(first.due(many, false)).isTrue();

    // And at a later start after a day, if there is something new
    var nextDay = new Checkpoints(settings, interval, at(NOON.plus(Duration.ofHours(24))));
    assertThat(nextDay.due(heads, true)).isFalse();
    assertThat(nextDay.due(more, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "1001"})
  void anIntervalThatIsNoneIsNamed(String text) {
    assertThatThrownBy(() -> CheckpointInterval.parse(EVERY, text, 10, 1000))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(EVERY, text, "1 to 1000");
    assertThat(CheckpointInterval.parse(EVERY, "", 10, 1000)).isEqualTo(10);
  }

  @Test
  void aLinkInTheFolderIsNotFollowed() throws IOException {
    var elsewhere = Files.writeString(folder.resolve("elsewhere"), "kept");
    Files.createSymbolicLink(folder.resolve("file.new"), elsewhere);

    assertThatThrownBy(() -> DurableFile.write(folder.resolve("file"), new byte[1]))
        .isInstanceOf(IOException.class);
    assertThat(elsewhere).hasContent("kept");
    DurableFile.writePrivate(folder.resolve("file"), new byte[1]);
    assertThat(elsewhere).hasContent("kept");
  }

  private void live(EmbeddedBroker broker, int events) {
    try (var bus = EventBus.open(settings(broker.bootstrap()))) {
      for (int i = 0; i < events; i++) {
        bus.publish(Samples.config(i + 1), null);
      }
      await().atMost(LONG).until(bus::allSent);
    }
  }

  private List<Envelope<Checkpoint>> checkpoints(EmbeddedBroker broker, int wanted) {
    var found = new CopyOnWriteArrayList<Envelope<Checkpoint>>();
    try (var reader =
        EventReader.start(
            broker.bootstrap(),
            Set.of(Topic.CHECKPOINT),
            Map.of(),
            e -> found.add(e.withEvent((Checkpoint) e.event())))) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
      await().atMost(LONG).until(() -> found.size() >= wanted);
      return List.copyOf(found);
    }
  }

  private static ChainHead head(Envelope<Checkpoint> envelope) {
    return envelope.event().heads().stream()
        .filter(head -> head.topic().equals("config-changed"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean valid(Checkpoint checkpoint, Envelope<Checkpoint> envelope) {
    return CheckpointSignature.isValid(
        checkpoint, envelope.source().toString(), envelope.subject());
  }

  private BusSettings settings(String bootstrap) {
    return new BusSettings(bootstrap, "_test.example", "signing", folder.resolve("own"), (short) 1);
  }

  private static Clock at(Instant time) {
    return Clock.fixed(time, ZoneOffset.UTC);
  }
}
