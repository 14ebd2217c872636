package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.events.RawHeader;
import dev.postbus.events.RawRecord;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CauseChainTest {
  /** A log in memory, of ids and their causes. */
  private record Memory(List<RawRecord> records) implements AuditLog {
    @Override
    public Map<Topic, Long> counts() {
      return new EnumMap<>(Topic.class);
    }

    @Override
    public void read(Collection<Topic> topics, Consumer<RawRecord> taker) {
      records.stream().filter(raw -> topics.contains(raw.topic())).forEach(taker);
    }

    @Override
    public void close() {}
  }

  private final Memory log = new Memory(new ArrayList<>());

  @Test
  void holdsAllAboveAndBelowWhereverOneBegins() throws IOException {
    // Given a rejected change, with an answer that is on the log before what it answers
    add(Topic.CONFIG_CHANGED, "change-1", null);
    add(Topic.CONFIG_CHANGED, "restored-1", "rejected-1");
    add(Topic.CONFIG_CHANGED, "change-2", null);
    add(Topic.RELAY_ACTIVITY, "applied-2", "restored-1");
    add(Topic.RELAY_ACTIVITY, "applied-1", "change-1");
    add(Topic.RELAY_ACTIVITY, "rejected-1", "change-1");
    add(Topic.RELAY_ACTIVITY, "applied-3", "change-2");

    for (var id : List.of("change-1", "restored-1", "applied-2", "rejected")) {
      assertThat(CauseChain.of(log, id))
          .extracting(event -> event.head().id())
          .as(id)
          .containsExactlyInAnyOrder(
              "change-1", "restored-1", "applied-2", "applied-1", "rejected-1");
    }
    assertThat(CauseChain.of(log, "nothing")).isEmpty();
    assertThatThrownBy(() -> CauseChain.of(log, "applied"))
        .hasMessageContainingAll("applied-1", "applied-2", "write more");
  }

  private void add(Topic topic, String id, String cause) {
    var headers =
        new ArrayList<>(
            List.of(
                new RawHeader("ce_specversion", "1.0"),
                new RawHeader("ce_id", id),
                new RawHeader("ce_type", "dev.postbus.any.v1"),
                new RawHeader("ce_source", "urn:postbus:any"),
                new RawHeader("ce_subject", "a.example"),
                new RawHeader("ce_time", "2026-01-01T00:00:00Z"),
                new RawHeader("ce_sequence", "1")));
    if (cause != null) {
      headers.add(new RawHeader("ce_causationid", cause));
    }
    log.records()
        .add(new RawRecord(topic, log.records().size(), 0, null, headers, new byte[] {'{', '}'}));
  }
}
