package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.postbus.broker.BrokerSettings;
import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.RawHeader;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The broker's own segments, written over by somebody who knows how. */
class TamperingTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String EVERY = "POSTBUS_CHECKPOINT_RECORDS";

  @TempDir static Path folder;
  @TempDir Path copy;
  private static BrokerSettings settings;

  @BeforeAll
  static void twoWritersWithCheckpoints() {
    System.setProperty(EVERY, "5");
    try (var broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"));
        var mail = Stack.writer(broker, "mail-supervisor", folder);
        var web = Stack.writer(broker, "web-service", folder)) {
      settings = broker.settings();
      // Offsets 0 to 11: a record of the one, a record of the other
      for (int i = 0; i < 6; i++) {
        mail.publish(Stack.ready("mail-supervisor", i), null);
        Stack.awaitSent(mail);
        web.publish(Stack.ready("web-service", i), null);
        Stack.awaitSent(web);
      }
      Stack.awaitRecords(broker, Topic.CHECKPOINT, 2);
    }
  }

  @AfterAll
  static void asEver() {
    System.clearProperty(EVERY);
  }

  static Stream<Arguments> tampering() {
    return Stream.of(
        arguments(
            "alter",
            6L,
            "digest of the record before",
            change(all -> all.set(4, altered(all.get(4))))),
        arguments("remove", 5L, "sequence 3 should follow", change(all -> all.remove(4))),
        arguments(
            "insert", 5L, "repeated, inserted", change(all -> all.add(5, altered(all.get(4))))),
        arguments(
            "insert what is no event",
            4L,
            "no service wrote this",
            change(all -> all.add(4, junk()))),
        arguments("duplicate", 5L, "repeated, inserted", change(all -> all.add(5, all.get(4)))),
        arguments(
            "reorder", 4L, "sequence 3 should follow", change(all -> Collections.swap(all, 4, 6))),
        arguments(
            "cut the tail",
            null,
            "cut off: it ends at 4",
            change(all -> all.subList(8, 12).clear())),
        arguments(
            "alter what is not in the digest",
            4L,
            "content-type",
            change(all -> all.set(4, otherType(all.get(4))))),
        arguments(
            "add an attribute that says nothing",
            4L,
            "ce_tracestate",
            change(all -> all.set(4, added(all.get(4), "ce_tracestate", "")))),
        arguments(
            "put into a trace",
            6L,
            "digest of the record before",
            change(all -> all.set(4, added(all.get(4), "ce_traceparent", TRACE)))),
        arguments(
            "alter the key",
            4L,
            "its key is not its subject",
            change(all -> all.set(4, otherKey(all.get(4))))),
        arguments(
            "alter and make all digests anew",
            8L,
            "another record than the checkpoint",
            change(all -> forge(all, 4))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tampering")
  void isFoundAndNamed(String name, Long offset, String what, UnaryOperator<List<RawRecord>> change)
      throws IOException {
    var log = tampered(Topic.RELAY_ACTIVITY, change);

    var report = Verification.of(log, List.of());

    assertThat(report.whole()).as(name).isFalse();
    var first = report.findings().getFirst();
    assertThat(first.topic()).isEqualTo("relay-activity");
    assertThat(first.offset()).isEqualTo(offset);
    assertThat(first.what()).contains(what);
  }

  @Test
  void aRecordThatIsMissingFromItsPlaceIsFound() throws IOException {
    var log = new SegmentLog(copied());
    var records = log.records(Topic.RELAY_ACTIVITY);
    records.remove(4);
    log.replace(Topic.RELAY_ACTIVITY, records);

    assertThat(Verification.of(log, List.of()).findings().getFirst().what())
        .contains("offset 4 should follow");
  }

  @Test
  void aForgedCheckpointIsFound() throws IOException {
    var log =
        tampered(
            Topic.CHECKPOINT,
            change(
                all ->
                    all.set(
                        1,
                        with(
                            all.get(1),
                            all.get(1).headers(),
                            text(all.get(1)).replace("\"sequence\":5", "\"sequence\":4")))));

    assertThat(Verification.of(log, List.of()).findings().getFirst())
        .satisfies(
            finding -> {
              assertThat(finding.topic()).isEqualTo("checkpoint");
              assertThat(finding.what()).contains("signature is not that of its key");
            });
  }

  @Test
  void whatTheBrokerServesIsWhatIsInItsSegments() throws IOException {
    // Given an untouched log, served by a broker
    var untouched = copied();
    assertThat(served(untouched).findings()).isEmpty();

    // When a record in it is altered, with a valid checksum
    var log = new SegmentLog(untouched);
    var records = log.records(Topic.RELAY_ACTIVITY);
    assertThat(records).hasSize(12);
    records.set(4, altered(records.get(4)));
    log.replace(Topic.RELAY_ACTIVITY, records);

    // Then the broker does not notice, and verification does
    var report = served(untouched);
    assertThat(report.records()).isGreaterThanOrEqualTo(14);
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().getFirst().sequence()).isEqualTo(4);
  }

  private static VerificationReport served(Path data) throws IOException {
    var again =
        new BrokerSettings(data, settings.host(), settings.port(), settings.controllerPort());
    try (var broker = EmbeddedBroker.start(again);
        var log = BusLog.open(broker.bootstrap())) {
      return Verification.of(log, List.of());
    }
  }

  private SegmentLog tampered(Topic topic, UnaryOperator<List<RawRecord>> change)
      throws IOException {
    var log = new SegmentLog(copied());
    assertThat(Verification.of(log, List.of()).whole()).isTrue();
    log.replace(topic, numbered(change.apply(log.records(topic))));
    return log;
  }

  private Path copied() throws IOException {
    var from = folder.resolve("bus");
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var to = copy.resolve("bus").resolve(from.relativize(file).toString());
        if (!Files.isDirectory(file)) {
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
    return copy.resolve("bus");
  }

  private interface Change {
    void to(List<RawRecord> all);
  }

  private static UnaryOperator<List<RawRecord>> change(Change change) {
    return records -> {
      change.to(records);
      return records;
    };
  }

  /** With offsets as if nothing had happened. */
  private static List<RawRecord> numbered(List<RawRecord> records) {
    var numbered = new ArrayList<RawRecord>();
    for (var raw : records) {
      numbered.add(
          new RawRecord(
              raw.topic(),
              numbered.size(),
              raw.timestamp(),
              raw.key(),
              raw.headers(),
              raw.value()));
    }
    return numbered;
  }

  private static RawRecord with(RawRecord raw, List<RawHeader> headers, String value) {
    return new RawRecord(
        raw.topic(),
        raw.offset(),
        raw.timestamp(),
        raw.key(),
        headers,
        value.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(RawRecord raw) {
    return new String(raw.data(), StandardCharsets.UTF_8);
  }

  private static RawRecord altered(RawRecord raw) {
    return with(raw, raw.headers(), text(raw).replace("\"pid\":2", "\"pid\":9"));
  }

  private static RawRecord otherType(RawRecord raw) {
    return with(raw, header(raw, "content-type", "application/xml"), text(raw));
  }

  private static RawRecord added(RawRecord raw, String name, String value) {
    var headers = new ArrayList<>(raw.headers());
    headers.add(new RawHeader(name, value));
    return with(raw, headers, text(raw));
  }

  private static RawRecord otherKey(RawRecord raw) {
    return new RawRecord(
        raw.topic(), raw.offset(), raw.timestamp(), new byte[] {'k'}, raw.headers(), raw.value());
  }

  private static RawRecord junk() {
    return new RawRecord(Topic.RELAY_ACTIVITY, 0, 0, new byte[] {'k'}, List.of(), new byte[] {'{'});
  }

  private static List<RawHeader> header(RawRecord raw, String name, String value) {
    return raw.headers().stream()
        .map(header -> header.name().equals(name) ? new RawHeader(name, value) : header)
        .toList();
  }

  /** Alters a record and gives all that come after it the digests that fit. */
  private static void forge(List<RawRecord> all, int index) {
    all.set(index, altered(all.get(index)));
    var digests = new HashMap<String, String>();
    for (int i = 0; i < all.size(); i++) {
      try {
        var raw = all.get(i);
        var before = digests.get(raw.head().source());
        if (before != null) {
          raw = with(raw, header(raw, "ce_previousdigest", before), text(raw));
          all.set(i, raw);
        }
        var head = raw.head();
        digests.put(head.source(), raw.digest(head));
      } catch (UnreadableRecord e) {
        throw new AssertionError(e);
      }
    }
  }
}
