package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.audit.CausedEvent;
import dev.postbus.events.RawRecord;
import dev.postbus.events.RecordHead;
import dev.postbus.events.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CauseTreeTest {
  private static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void eachEventIsBelowWhatItAnswersWithTheTimeSince() {
    var lines =
        CauseTree.lines(
            List.of(
                event("change", null, 0),
                event("applied", "change", 120),
                event("rejected", "change", 300),
                event("restored", "rejected", 340),
                event("late", "restored", 60_340)));

    assertThat(lines)
        .extracting(
            line -> line.replaceAll(" +", " ").replace(" config-applied {\"any\":\"thing\"}", ""))
        .containsExactly(
            "2026-11-24T10:00:00.000Z change mail",
            "├─ +120 ms applied mail",
            "└─ +300 ms rejected mail",
            " └─ +40 ms restored mail",
            " └─ +60 s late mail");
  }

  @Test
  void whatHasNoCauseInTheLogAndWhatGoesInCirclesIsShownOnce() {
    assertThat(CauseTree.lines(List.of(event("lone", "lost", 0))))
        .hasSize(2)
        .last()
        .asString()
        .contains("lost", "not in the log");
    assertThat(
            CauseTree.lines(
                List.of(event("top", null, 0), event("own", "own", 1), event("low", "top", 2))))
        .hasSize(2);
  }

  @Test
  void textOfAnEventCannotMakeLinesOfItsOwn() {
    var data = "{\"any\":\"a\u001b[2Jb\"}".getBytes(StandardCharsets.UTF_8);
    var lines = CauseTree.lines(List.of(event("odd", null, 0, data)));

    assertThat(lines).singleElement().asString().doesNotContain("\u001b");
  }

  private static CausedEvent event(String id, @Nullable String cause, long millis) {
    return event(id, cause, millis, "{\"any\":\"thing\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static CausedEvent event(String id, @Nullable String cause, long millis, byte[] data) {
    var head =
        new RecordHead(
            id,
            "dev.postbus.config-applied.v9",
            "urn:postbus:mail",
            "a.example",
            BEGIN.plusMillis(millis),
            1,
            cause,
            null,
            null,
            null);
    return new CausedEvent(new RawRecord(Topic.RELAY_ACTIVITY, 0, 0, null, List.of(), data), head);
  }
}
