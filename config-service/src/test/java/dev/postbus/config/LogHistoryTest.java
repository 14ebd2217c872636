package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.Envelope;
import dev.postbus.events.RawLog;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lost state folders and lost logs, with the real broker. */
class LogHistoryTest {
  @TempDir Path data;
  @TempDir Path state;
  private EmbeddedBroker broker;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.startOnFreePorts(data.resolve("first"));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void aLostFolderIsRestoredFromTheLog() throws Exception {
    // Given changes of all layers
    List<Version> before;
    try (var life = new Life(state, broker.bootstrap())) {
      edit("delete_mails_after = 20", "delete_mails_after = 33");
      life.keeper().iniChanged();
      life.set("max_load_1m", "9");
      life.set("delete_mails_after", "44");
      before = life.versions();
      assertThat(life.published()).hasSize(4);
    }

    // When all of the state is lost
    lose(state);
    try (var life = new Life(state, broker.bootstrap())) {

      // Then it is there again, with the file, and no version was made for that
      assertThat(life.versions()).isEqualTo(before);
      assertThat(life.keeper().current()).isEqualTo(before.getLast());
      assertThat(state.resolve("chatmail.ini")).content().contains("delete_mails_after = 33\n");
      assertThat(life.published()).hasSize(4);

      // And it goes on from there
      life.set("max_load_1m", "10");
      assertThat(life.publishedNumbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void damagedVersionsAreReplacedFromTheLog() throws Exception {
    // Given three versions
    List<Version> before;
    try (var life = new Life(state, broker.bootstrap())) {
      life.set("max_load_1m", "9");
      life.set("max_load_1m", "10");
      before = life.versions();
      assertThat(life.published()).hasSize(3);
    }

    // When a disk loses the content of an old one and of the newest
    var old = state.resolve("versions/000002.json");
    var newest = state.resolve("versions/000003.json");
    Files.write(old, new byte[4096]);
    Files.writeString(newest, "{\"number\": 3, \"ti");
    try (var life = new Life(state, broker.bootstrap())) {
      life.awaitSent();

      // Then they are as they were, no other version was made, and the damaged ones can be seen
      assertThat(life.versions()).isEqualTo(before);
      assertThat(life.keeper().current()).isEqualTo(before.getLast());
      assertThat(life.published()).hasSize(3);
      assertThat(state.resolve("versions/000003.json.damaged")).hasContent("{\"number\": 3, \"ti");
    }
  }

  @Test
  void anEmptyLogIsFilledFromDisk() throws Exception {
    // Given a relay with some versions, and a change that was made while the bus was away
    List<Version> before;
    try (var life = new Life(state, broker.bootstrap())) {
      life.set("max_load_1m", "9");
      life.set("max_load_1m", "10");
      assertThat(life.published()).hasSize(3);
    }
    var away = broker.bootstrap();
    broker.close();
    try (var life = new Life(state, away)) {
      life.set("max_load_1m", "11");
      before = life.versions();
    }

    // When the bus comes back without its log
    broker = EmbeddedBroker.startOnFreePorts(data.resolve("second"));
    try (var life = new Life(state, broker.bootstrap())) {

      // Then all of it is published again, in order, as it was
      var published = life.published();
      assertThat(published)
          .extracting(Envelope::event)
          .containsExactlyElementsOf(before.stream().map(v -> (RelayEvent) v.event()).toList());
      assertThat(published)
          .extracting(Envelope::id)
          .containsExactlyElementsOf(before.stream().map(Version::eventId).toList());
      assertThat(life.versions()).isEqualTo(before);
    }
  }

  @Test
  void versionsThatAnOlderBackupLacksComeFromTheLogAndNoNumberIsUsedTwice() throws Exception {
    // Given a backup of version 2, and versions after it
    try (var life = new Life(state, broker.bootstrap())) {
      life.set("max_load_1m", "9");
      assertThat(life.published()).hasSize(2);
    }
    var backup = data.resolve("backup");
    copy(state, backup);
    try (var life = new Life(state, broker.bootstrap())) {
      life.set("max_load_1m", "10");
      life.set("delete_mails_after", "44");
      assertThat(life.published()).hasSize(4);
    }

    // When it is restored and changed while the bus is away
    lose(state);
    copy(backup, state);
    try (var life = new Life(state, "127.0.0.1:1")) {
      life.set("password_min_length", "12");
      assertThat(life.keeper().current().number()).isEqualTo(3);
    }

    // Then the log's versions count, and what was changed meanwhile becomes another one after them
    try (var life = new Life(state, broker.bootstrap())) {
      assertThat(life.publishedNumbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
      var current = life.keeper().current();
      assertThat(current.number()).isEqualTo(5);
      assertThat(current.plain())
          .containsEntry("password_min_length", "12")
          .containsEntry("max_load_1m", "10")
          .containsEntry("delete_mails_after", "44");
      assertThat(current.actor()).isEqualTo("api:tester");
      assertThat(life.files().read(3).orElseThrow().plain()).containsEntry("max_load_1m", "10");
      assertThat(state.resolve("versions/000003.json.displaced")).exists();
    }
  }

  @Test
  void aStartReadsTheLogOnlyFromWhereBothAgreedLast() throws Exception {
    try (var life = new Life(state, broker.bootstrap())) {
      for (int load = 10; load < 15; load++) {
        life.set("max_load_1m", "" + load);
      }
      assertThat(life.published()).hasSize(6);
    }
    try (var life = new Life(state, broker.bootstrap())) {
      assertThat(life.published()).hasSize(6);
    }
    try (var life = new Life(state, broker.bootstrap())) {
      assertThat(life.published()).hasSize(6);
      assertThat(life.history().read().versions()).containsOnlyKeys(6L);

      // Unless what was agreed upon is gone
      Files.delete(state.resolve("versions/000002.json"));
      assertThat(life.history().read().versions())
          .containsOnlyKeys(LongStream.rangeClosed(1, 6).boxed().toArray(Long[]::new));
    }
    try (var life = new Life(state, broker.bootstrap())) {
      assertThat(life.published()).hasSize(6);
      assertThat(life.versions()).hasSize(6);
    }
  }

  @Test
  void whatRetentionHasRemovedIsNeitherPublishedAgainNorMissed() throws Exception {
    // Given a log of which only the newest version is left
    try (var life = new Life(state, broker.bootstrap())) {
      for (int load = 10; load < 13; load++) {
        life.set("max_load_1m", "" + load);
      }
      assertThat(life.published()).hasSize(4);
    }
    RawLog.removeBefore(broker.bootstrap(), Map.of(Topic.CONFIG_CHANGED, 3L));

    // When nobody remembers where both agreed
    Files.deleteIfExists(state.resolve("log-mark.json"));
    try (var life = new Life(state, broker.bootstrap())) {

      // Then the log stays as it is, and the disk has all versions
      assertThat(life.publishedNumbers()).containsExactly(4L);
      assertThat(life.versions()).hasSize(4);
    }

    // And without a state it goes on from the newest
    lose(state);
    try (var life = new Life(state, broker.bootstrap())) {
      assertThat(life.keeper().current().number()).isEqualTo(4);
      assertThat(life.keeper().current().plain()).containsEntry("max_load_1m", "12");
      life.set("max_load_1m", "13");
      assertThat(life.publishedNumbers()).containsExactly(4L, 5L);
    }
  }

  private void edit(String from, String to) throws IOException {
    var ini = state.resolve("chatmail.ini");
    var text = Files.readString(ini);
    assertThat(text).contains(from);
    Files.writeString(ini, text.replace(from, to));
  }

  private static void lose(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(folder)) {
          Files.delete(file);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var all = Files.walk(from)) {
      for (var file : all.skip(1).toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
