package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.DeadLetter;
import dev.postbus.events.EventBus;
import dev.postbus.events.RawLog;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.RelayState;
import dev.postbus.events.Snapshot;
import dev.postbus.events.SnapshotSignature;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old records go, and what is left is proved and replayed as before; with the real broker. */
class RetentionTest {
  private static final String EVERY = "POSTBUS_CHECKPOINT_RECORDS";
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private EmbeddedBroker broker;
  private long seconds;
  private long number;

  @BeforeEach
  void start() {
    System.setProperty(EVERY, "4");
    broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"));
  }

  @AfterEach
  void stop() {
    System.clearProperty(EVERY);
    broker.close();
  }

  @Test
  void whatIsLeftIsProvedReplayedAndMovedAsBefore() throws IOException {
    // Given a history, and what the relay was like at each of its moments
    history(folder, 6);
    var moments = LongStream.rangeClosed(1, seconds).mapToObj(BEGIN::plusSeconds).toList();
    var before = replayed(broker, moments);
    var letters = counts(broker).get(Topic.DEAD_LETTER);

    // When the newest 5 records of each topic are kept
    Removal removal;
    try (var log = BusLog.open(broker.bootstrap())) {
      var planned = Retention.plan(log, keep(5), Clock.systemUTC(), null);
      removal = prune(5);
      assertThat(removal).isEqualTo(planned);
    }

    // Then the others are gone, and neither the newest versions nor what vouches
    assertThat(counts(broker))
        .containsEntry(Topic.RELAY_ACTIVITY, 5L)
        .containsEntry(Topic.CONFIG_CHANGED, 5L)
        .containsEntry(Topic.CERT_CHANGED, 5L)
        .containsEntry(Topic.SNAPSHOT, 1L)
        .containsEntry(Topic.DEAD_LETTER, letters);
    assertThat(begins(broker).get(Topic.RELAY_ACTIVITY)).isPositive();

    // And the rest is whole from there, in which it is said what is missing
    var report = verified(broker);
    assertThat(report.findings()).isEmpty();
    assertThat(report.removed()).isEqualTo(removal.count()).isPositive();
    assertThat(report.since()).isEqualTo(removal.until());

    // And each state since then is what it was; those before cannot be told any more
    assertSame(broker, moments, before, removal.until());
    assertThat(removal.until()).isAfter(BEGIN.plusSeconds(1));
    assertThatThrownBy(() -> replayed(broker, List.of(BEGIN.plusSeconds(1))))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("earliest", removal.until().toString());

    // When all goes on, with a writer whose state was lost, and is pruned again
    delete(folder.resolve("mail-supervisor"));
    history(folder, 3);
    moments = LongStream.rangeClosed(1, seconds).mapToObj(BEGIN::plusSeconds).toList();
    assertThat(verified(broker).findings()).isEmpty();
    before = replayed(broker, List.of(moments.getLast()));
    var second = prune(4);
    assertThat(prune(4).count()).isZero();

    // Then it is as before
    report = verified(broker);
    assertThat(report.findings()).isEmpty();
    assertThat(report.removed()).isEqualTo(removal.count() + second.count());
    assertThat(replayed(broker, List.of(moments.getLast()))).isEqualTo(before);

    // And so is a copy on another bus, on which everybody goes on with a new state
    var export = folder.resolve("export");
    try (var log = BusLog.open(broker.bootstrap())) {
      Export.of(log, export, false, Clock.systemUTC(), records -> {});
    }
    var exported = ExportLog.open(export);
    assertThat(exported.verify(List.of()).findings()).isEmpty();
    assertThat(exported.verify(List.of()).removed()).isEqualTo(report.removed());
    assertThat(StateReplay.at(exported, List.of(moments.getLast()))).isEqualTo(before);
    try (var other = EmbeddedBroker.startOnFreePorts(folder.resolve("other"))) {
      Import.of(exported, other.bootstrap(), (short) 1, records -> {});
      assertThat(verified(other).findings()).isEmpty();
      assertThat(replayed(other, List.of(moments.getLast()))).isEqualTo(before);

      var fresh = Files.createDirectory(folder.resolve("fresh"));
      history(other, fresh, 3);
      assertThat(verified(other).findings()).isEmpty();
      prune(other, fresh, 2);
      assertThat(verified(other).findings()).isEmpty();
      assertThat(counts(other)).containsEntry(Topic.RELAY_ACTIVITY, 2L);
    }
  }

  @Test
  void killedAtAnyStepItGoesOnTheNextTime() throws Exception {
    for (var step : List.of("sent", "remove config-changed", "remove relay-activity")) {
      // Given a history that is being pruned by who is killed
      history(folder, 2);
      var last = List.of(BEGIN.plusSeconds(seconds));
      var before = replayed(broker, last);
      assertThat(killedBefore(step)).isEqualTo(PruningProgram.DIED);

      // Then nothing is lost, and nothing looks as if it were
      assertThat(verified(broker).findings()).as(step).isEmpty();
      assertThat(replayed(broker, last)).as(step).isEqualTo(before);

      // When it is done again, then it is done
      prune(2);
      assertThat(verified(broker).findings()).as(step).isEmpty();
      assertThat(replayed(broker, last)).as(step).isEqualTo(before);
      assertThat(counts(broker))
          .as(step)
          .containsEntry(Topic.RELAY_ACTIVITY, 2L)
          .containsEntry(Topic.CONFIG_CHANGED, 2L);
    }
  }

  @Test
  void whatIsRemovedWithoutASnapshotOrWithAForgedOneIsFound() throws IOException {
    // Given a pruned log
    history(folder, 4);
    prune(3);
    RecordedLog whole;
    try (var log = BusLog.open(broker.bootstrap())) {
      whole = RecordedLog.of(log);
    }
    assertThat(Verification.of(whole, List.of()).findings()).isEmpty();

    // The snapshot away
    var log = RecordedLog.of(whole);
    log.on(Topic.SNAPSHOT).clear();
    assertFound(log, "sequence 1 should follow");

    // Another record removed
    log = RecordedLog.of(whole);
    log.on(Topic.RELAY_ACTIVITY).removeFirst();
    assertFound(log, "what is between was removed");

    // Something else in the snapshot
    log = RecordedLog.of(whole);
    log.on(Topic.SNAPSHOT)
        .replaceAll(raw -> altered(raw, "\"state\":\"ready\"", "\"state\":\"x\""));
    assertFound(log, "the snapshot's signature is not that of its key");
    assertThat(SnapshotSignature.read(log.on(Topic.SNAPSHOT).getFirst())).isEmpty();

    // A snapshot of who has no key, of a service that he says to be
    var true1 = SnapshotSignature.read(whole.on(Topic.SNAPSHOT).getFirst()).orElseThrow();
    Files.createDirectories(folder.resolve("foreign"));
    publish("foreign", true1);
    try (var bus = BusLog.open(broker.bootstrap())) {
      log = RecordedLog.of(bus);
    }
    assertThat(Verification.of(log, List.of()).notes())
        .anyMatch(note -> note.contains("another key"));
    log.on(Topic.CHECKPOINT).removeLast();
    assertFound(log, "no checkpoint of its writer has the key");

    // And nothing is removed while something of that is there
    try (var config = Stack.writer(broker, "config-service", folder)) {
      config.publish(Stack.config(++number), null);
      Stack.awaitSent(config);
      RawLog.removeBefore(
          broker.bootstrap(),
          Map.of(Topic.RELAY_ACTIVITY, begins(broker).get(Topic.RELAY_ACTIVITY) + 1));
      var retention = new Retention(config, broker.bootstrap(), Stack.DOMAIN, Clock.systemUTC());
      assertThatThrownBy(() -> retention.run(keep(1), false))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("nothing is removed", "audit verify");
      assertThat(retention.run(keep(1), true).count()).isPositive();
    }
    assertThat(verified(broker).notes())
        .anyMatch(note -> note.contains("not as they were written"));
  }

  @Test
  void aSnapshotThatContradictsWhatIsThereIsFound() throws IOException {
    history(folder, 3);
    prune(2);
    RecordedLog whole;
    try (var log = BusLog.open(broker.bootstrap())) {
      whole = RecordedLog.of(log);
    }
    var good = SnapshotSignature.read(whole.on(Topic.SNAPSHOT).getFirst()).orElseThrow();

    // One with the right key that says something else of a record that is there
    var other = new ArrayList<>(good.removedTo());
    other.replaceAll(
        one ->
            new Snapshot.RemovedTo(one.topic(), one.source(), one.sequence() + 1, "ab".repeat(32)));
    publish(".", with(good, other));
    assertThat(verified(broker).findings())
        .anyMatch(finding -> finding.what().contains("another record than the snapshot of"));

    // And one that takes back what the one before has said
    publish(".", with(good, good.removedTo()));
    assertThat(verified(broker).findings())
        .anyMatch(finding -> finding.what().contains("contradicts the snapshot before it"));
  }

  @Test
  void whatIsNeededStays() throws IOException {
    // Given orders of today, and a newest version and certificate that are followed by older ones
    try (var config = Stack.writer(broker, "config-service", folder);
        var cert = Stack.writer(broker, "cert-service", folder)) {
      config.publish(Stack.config(1), null);
      config.publish(Stack.config(2), null);
      for (int i = 0; i < 4; i++) {
        config.publish(Stack.config(1), null);
        cert.publish(Stack.ready("cert-service", i), null);
      }
      cert.publish(
          new RelayActivity.CertOrderBegun(
              "cert-service", List.of("a.example"), "https://ca.example", "http-01", "first"),
          null);
      cert.publish(Stack.ready("cert-service", 9), null);
      Stack.awaitSent(config);
      Stack.awaitSent(cert);
    }

    // When as little as possible is kept
    var removal = prune(1);

    // Then these are still there, and it is said why
    assertThat(removal.records())
        .containsEntry("config-changed", 1L)
        .containsEntry("relay-activity", 4L);
    assertThat(removal.heldBy()).singleElement().asString().contains("authority");
    assertThat(verified(broker).findings()).isEmpty();
  }

  private void history(Path state, int rounds) {
    history(broker, state, rounds);
  }

  private void history(EmbeddedBroker on, Path state, int rounds) {
    try (var config = Stack.writer(on, "config-service", state);
        var cert = Stack.writer(on, "cert-service", state);
        var mail = Stack.writer(on, "mail-supervisor", state);
        var web = Stack.writer(on, "web-service", state)) {
      for (int i = 0; i < rounds; i++) {
        number++;
        put(config, Stack.config(number));
        put(cert, certificate(number));
        put(
            mail,
            new RelayActivity.DkimKeyChanged(
                "mail-supervisor", Stack.DOMAIN, "s", "v=DKIM1", "cd" + number / 3));
        put(mail, new RelayActivity.ConfigApplied("mail-supervisor", number, List.of(), 5));
        put(web, new RelayActivity.ProcessStarted("web-service", "nginx", number, 0));
        put(web, new RelayActivity.ProcessReady("web-service", "nginx", number, 5));
        put(web, new RelayActivity.CertApplied("web-service", number, "ab", "https", 443, 5));
        put(web, new DeadLetter("web-service", "config-changed", number, "why", "AAAA"));
      }
      List.of(config, cert, mail, web).forEach(Stack::awaitSent);
    }
  }

  /** In an order that is the same on each topic. */
  private void put(EventBus bus, RelayEvent event) {
    bus.publish(event, null, EventBus.newId(), BEGIN.plusSeconds(++seconds));
    Stack.awaitSent(bus);
  }

  private static CertChanged certificate(long generation) {
    return new CertChanged(
        generation,
        List.of(Stack.DOMAIN),
        "ab" + generation,
        "01",
        "CN=x",
        BEGIN,
        BEGIN.plusSeconds(1000),
        CertMode.SELF_SIGNED,
        CertReason.RENEWED);
  }

  private void publish(String key, Snapshot snapshot) throws IOException {
    var vouched = counts(broker).getOrDefault(Topic.CHECKPOINT, 0L);
    try (var bus = Stack.writer(broker, "config-service", folder.resolve(key))) {
      bus.publishSnapshot(snapshot);
      Stack.awaitSent(bus);
      // Which follows at once, and which a close could cut off.
      Stack.awaitRecords(broker, Topic.CHECKPOINT, vouched + 1);
    }
  }

  private static Snapshot with(Snapshot snapshot, List<Snapshot.RemovedTo> removedTo) {
    return new Snapshot(
        snapshot.service(),
        snapshot.keep(),
        snapshot.until(),
        removedTo,
        snapshot.state(),
        null,
        "",
        "");
  }

  private Removal prune(long count) throws IOException {
    return prune(broker, folder, count);
  }

  private static Removal prune(EmbeddedBroker on, Path state, long count) throws IOException {
    try (var bus = Stack.writer(on, "config-service", state)) {
      return new Retention(bus, on.bootstrap(), Stack.DOMAIN, Clock.systemUTC())
          .run(keep(count), false);
    }
  }

  private static Keep keep(long count) {
    return new Keep(null, count);
  }

  private int killedBefore(String step) throws Exception {
    var process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-D" + EVERY + "=4",
                "-cp",
                System.getProperty("java.class.path"),
                PruningProgram.class.getName(),
                folder.toString(),
                broker.bootstrap(),
                "2",
                step)
            .inheritIO()
            .start();
    return process.waitFor();
  }

  private static VerificationReport verified(EmbeddedBroker on) throws IOException {
    try (var log = BusLog.open(on.bootstrap())) {
      return Verification.of(log, List.of());
    }
  }

  private static List<RelayState> replayed(EmbeddedBroker on, List<Instant> moments)
      throws IOException {
    try (var log = BusLog.open(on.bootstrap())) {
      return StateReplay.at(log, moments);
    }
  }

  private static void assertSame(
      EmbeddedBroker on, List<Instant> moments, List<RelayState> states, Instant since)
      throws IOException {
    for (int i = 0; i < moments.size(); i++) {
      if (!moments.get(i).isBefore(since)) {
        assertThat(replayed(on, List.of(moments.get(i)))).containsExactly(states.get(i));
      }
    }
  }

  private static Map<Topic, Long> counts(EmbeddedBroker on) throws IOException {
    try (var log = BusLog.open(on.bootstrap())) {
      return log.counts();
    }
  }

  private static Map<Topic, Long> begins(EmbeddedBroker on) {
    try (var log = RawLog.open(on.bootstrap())) {
      var begins = new java.util.EnumMap<Topic, Long>(Topic.class);
      log.ranges().forEach((topic, range) -> begins.put(topic, range.from()));
      return begins;
    }
  }

  private static void assertFound(AuditLog log, String what) throws IOException {
    assertThat(Verification.of(log, List.of()).findings())
        .as(what)
        .anyMatch(finding -> finding.what().contains(what));
  }

  private static RawRecord altered(RawRecord raw, String old, String fresh) {
    var text = new String(raw.data(), StandardCharsets.UTF_8);
    assertThat(text).contains(old);
    return new RawRecord(
        raw.topic(),
        raw.offset(),
        raw.timestamp(),
        raw.key(),
        raw.headers(),
        text.replace(old, fresh).getBytes(StandardCharsets.UTF_8));
  }

  private static void delete(Path tree) throws IOException {
    try (var all = Files.walk(tree)) {
      for (var path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
