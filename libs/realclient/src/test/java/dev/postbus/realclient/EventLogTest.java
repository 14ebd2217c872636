package dev.postbus.realclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final EventLog log = new EventLog();

  @Test
  void findsWhatCameBetweenTheMarkAndTheQuestion() throws Exception {
    // Given a mark between two events of the same kind
    log.add(incoming(1, 11));
    var mark = log.mark();
    log.add(incoming(2, 12));
    log.add(incoming(1, 13));

    // When the next one of an account is awaited
    var found = log.await(mark, "message", LONG, event -> event.is(1, "IncomingMsg"));

    // Then it is the one behind the mark, of that account
    assertThat(found.number("msgId")).isEqualTo(13);
    assertThat(log.since(mark)).hasSize(2);
  }

  @Test
  void waitsForWhatIsYetToCome() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var found =
          threads.submit(() -> log.await(0, "message", LONG, event -> event.number("msgId") == 5));
      log.add(incoming(1, 4));
      log.add(incoming(1, 5));

      assertThat(found.get().number("msgId")).isEqualTo(5);
    }
  }

  @Test
  void saysWhatDidNotCome() {
    assertThatThrownBy(() -> log.await(0, "IncomingMsg", Duration.ZERO, event -> true))
        .hasMessage("no IncomingMsg within 0 s");
  }

  private static CoreEvent incoming(int account, int message) throws JsonProcessingException {
    var json =
        "{\"contextId\":%d,\"event\":{\"kind\":\"IncomingMsg\",\"chatId\":10,\"msgId\":%d}}"
            .formatted(account, message);
    return CoreEvent.of(1, new ObjectMapper().readTree(json));
  }
}
