package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.RawHeader;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RawWriter;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportTest {
  private static final String EVERY = "POSTBUS_CHECKPOINT_RECORDS";

  @TempDir static Path folder;
  @TempDir Path own;
  private static Path export;
  private static List<RawRecord> original;

  @BeforeAll
  static void exported() throws IOException {
    System.setProperty(EVERY, "2");
    export = folder.resolve("export");
    try (var broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"));
        var config = Stack.writer(broker, "config-service", folder);
        var mail = Stack.writer(broker, "mail-supervisor", folder)) {
      for (int i = 1; i <= 3; i++) {
        var cause = config.publish(Stack.config(i), null);
        mail.publish(Stack.ready("mail-supervisor", i), cause.id());
      }
      Stack.awaitSent(config);
      Stack.awaitSent(mail);
      Stack.awaitRecords(broker, Topic.CHECKPOINT, 2);
      try (var log = BusLog.open(broker.bootstrap())) {
        original = all(log);
        Export.of(log, export, true, Clock.systemUTC(), records -> {});
      }
    } finally {
      System.clearProperty(EVERY);
    }
  }

  @Test
  void holdsEveryRecordAndIsFoundWholeWithoutABus() throws IOException {
    var log = ExportLog.open(export);

    assertThat(all(log)).usingRecursiveComparison().isEqualTo(original);
    var report = log.verify(List.of());
    assertThat(report.findings()).isEmpty();
    assertThat(report.records()).isEqualTo(original.size()).isGreaterThanOrEqualTo(8);
    assertThat(log.manifest().domains()).containsExactly(Stack.DOMAIN);
    assertThat(report.chains())
        .filteredOn(chain -> chain.topic().equals("config-changed"))
        .singleElement()
        .satisfies(
            chain -> {
              assertThat(chain.last()).isEqualTo(3);
              assertThat(chain.signedTo()).isGreaterThanOrEqualTo(2);
              assertThat(chain.publicKey()).isNotNull();
            });
    for (var file : List.of("", "events.jsonl", "events.csv", "manifest.json")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(export.resolve(file))))
          .endsWith("------");
    }
  }

  @Test
  void theTableHoldsNoFormulas() throws IOException {
    assertThat(Files.readString(export.resolve("events.csv")).lines())
        .hasSize(original.size() + 1)
        .allMatch(line -> line.matches("[a-z].*"));
    assertThat(CsvTable.cell("=1+1")).isEqualTo("\"'=1+1\"");
    assertThat(CsvTable.cell("@SUM(1,2)")).isEqualTo("\"'@SUM(1,2)\"");
    assertThat(CsvTable.cell("a\"b")).isEqualTo("\"a\"\"b\"");
    assertThat(CsvTable.cell("plain")).isEqualTo("plain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "events.jsonl | \\\"because\\\" | \\\"my wish\\\" | altered: its SHA-256",
        "manifest.json | \"last\" : 3 | \"last\" : 2 | its chains are not those",
        "manifest.json | \"config-changed\" : 3 | \"config-changed\" : 4 | the manifest has"
      })
  void anAlteredExportIsFound(String file, String old, String fresh, String what)
      throws IOException {
    var copy = copy();
    var text = Files.readString(copy.resolve(file));
    assertThat(text).contains(old);
    Files.writeString(copy.resolve(file), text.replace(old, fresh));

    var report = ExportLog.open(copy).verify(List.of());

    assertThat(report.findings()).anyMatch(finding -> finding.what().contains(what));
    assertThat(report.whole()).isFalse();
  }

  @Test
  void aLogMustStillHoldWhatAnEarlierExportHeld() throws IOException {
    var log = new ExportLogWithout(ExportLog.open(export), Topic.CHECKPOINT);
    assertThat(Verification.of(log, List.of()).findings()).isEmpty();
    assertThat(Verification.of(log, ExportManifest.of(export).chains()).findings())
        .allMatch(finding -> finding.what().contains("the earlier export vouches"))
        .extracting(Finding::topic)
        .containsExactly("checkpoint", "checkpoint", "relay-activity");
  }

  @Test
  void goesIntoAnEmptyBusAsItWasAndWhenCutShortGoesOn() throws IOException {
    var log = ExportLog.open(export);
    try (var broker = EmbeddedBroker.startOnFreePorts(own.resolve("bus"))) {
      // Given an import that was cut short
      try (var writer = RawWriter.open(broker.bootstrap(), (short) 1)) {
        original.stream().limit(original.size() / 2).forEach(writer::write);
        writer.flush();
      }

      // When it is repeated
      var written = Import.of(log, broker.bootstrap(), (short) 1, records -> {});

      // Then the bus holds what the other one did
      assertThat(written).isEqualTo(original.size() - original.size() / 2);
      try (var bus = BusLog.open(broker.bootstrap())) {
        assertThat(all(bus)).usingRecursiveComparison().isEqualTo(original);
        assertThat(Verification.of(bus, log.manifest().chains()).findings()).isEmpty();
      }
      assertThat(Import.of(log, broker.bootstrap(), (short) 1, records -> {})).isZero();

      // And a writer with a state of its own goes on in the same chain, with another key
      System.setProperty(EVERY, "1");
      try (var config = Stack.writer(broker, "config-service", own)) {
        config.publish(Stack.config(4), null);
        Stack.awaitRecords(broker, Topic.CHECKPOINT, log.counts().get(Topic.CHECKPOINT) + 1);
      } finally {
        System.clearProperty(EVERY);
      }
      try (var bus = BusLog.open(broker.bootstrap())) {
        var report = Verification.of(bus, log.manifest().chains());
        assertThat(report.findings()).isEmpty();
        assertThat(report.notes())
            .singleElement()
            .satisfies(
                note ->
                    assertThat(note).contains("urn:postbus:config-service", "with another key"));
      }

      // And now it is not empty any more
      assertThatThrownBy(() -> Import.of(log, broker.bootstrap(), (short) 1, records -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("not empty", "4 records on config-changed");
    }
  }

  @Test
  void bytesThatAreNoTextComeBackAsTheyWere() throws IOException {
    var odd =
        new RawRecord(
            Topic.DEAD_LETTER,
            7,
            8,
            null,
            List.of(
                new RawHeader("x", new byte[] {(byte) 0xff}), new RawHeader("y", (byte[]) null)),
            new byte[] {(byte) 0xc3, 0x28, 0});
    var text = new java.io.StringWriter();
    try (var json = AuditJson.JSON.createGenerator(text)) {
      RecordLine.write(json, odd);
    }

    assertThat(RecordLine.read(text.toString())).usingRecursiveComparison().isEqualTo(odd);
  }

  @Test
  void whatIsNoExportOrNotEmptyIsNamed() throws IOException {
    assertThatThrownBy(() -> ExportLog.open(own))
        .hasMessageContainingAll(own.toString(), "manifest");
    var copy = copy();
    Files.writeString(copy.resolve("events.jsonl"), "{\"topic\":1}\n");
    assertThatThrownBy(() -> ExportLog.open(copy).verify(List.of()))
        .hasMessageContaining("line 1 is no record");
    assertThatThrownBy(
            () -> Export.of(ExportLog.open(export), copy, false, Clock.systemUTC(), r -> {}))
        .hasMessageContainingAll(copy.toString(), "not empty");
  }

  @Test
  void theStateIsThatOfItsEvents() throws IOException {
    var log = ExportLog.open(export);
    var second = StateReplay.timeOf(log, 2).orElseThrow();
    var states = StateReplay.at(log, List.of(second, Instant.MAX));

    assertThat(states.getFirst().configuration().version()).isEqualTo(2);
    assertThat(states.getLast().configuration().version()).isEqualTo(3);
    assertThat(StateReplay.timeOf(log, 9)).isEmpty();
    assertThat(StateDifference.between(states.getFirst(), states.getLast()))
        .contains(new StateDifference("configuration.values.max_message_size", "2", "3"));
  }

  private Path copy() throws IOException {
    var copy = own.resolve("copy");
    Files.createDirectories(copy);
    for (var file : List.of("events.jsonl", "manifest.json")) {
      Files.copy(export.resolve(file), copy.resolve(file));
    }
    return copy;
  }

  private static List<RawRecord> all(AuditLog log) throws IOException {
    var found = new ArrayList<RawRecord>();
    log.read(EnumSet.allOf(Topic.class), found::add);
    return found;
  }

  /** A log whose last record of each other topic, and all of one, was removed. */
  private record ExportLogWithout(AuditLog log, Topic removed) implements AuditLog {
    @Override
    public Map<Topic, Long> counts() {
      return log.counts();
    }

    @Override
    public void read(
        java.util.Collection<Topic> topics, java.util.function.Consumer<RawRecord> taker)
        throws IOException {
      var left = new AtomicLong(log.counts().getOrDefault(Topic.RELAY_ACTIVITY, 0L) - 1);
      log.read(
          topics,
          raw -> {
            if (raw.topic() != removed
                && (raw.topic() != Topic.RELAY_ACTIVITY || left.getAndDecrement() > 0)) {
              taker.accept(raw);
            }
          });
    }

    @Override
    public void close() {}
  }
}
