package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.bench.results.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailQueueTest {
  @TempDir Path state;

  @Test
  void waitsForWhatIsUnderWayAndNotForWhatIsPutOff() throws Exception {
    // Given a message under way, and one that the next server did not take
    var active = Files.createDirectories(state.resolve("mail/queue/active")).resolve("4B63E526733");
    Files.createFile(active);
    var deferred = Files.createDirectories(state.resolve("mail/queue/deferred/4"));
    Files.createFile(deferred.resolve("4981D526727"));
    var remarks = new CopyOnWriteArrayList<String>();

    // When it is delivered after a while
    var delivery =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (remarks.isEmpty()) {
                    Thread.onSpinWait();
                  }
                  assertThat(active.toFile().delete()).isTrue();
                });
    new MailQueue(state).awaitEmpty(recorder(remarks));

    // Then it was waited for
    assertThat(active).doesNotExist();
    assertThat(remarks).containsExactly("waiting for the delivery of 1 messages of before");
    delivery.join();
  }

  @Test
  void aStackWithoutAQueueHasNothingUnderWay() throws Exception {
    var remarks = new ArrayList<String>();

    new MailQueue(state).awaitEmpty(recorder(remarks));

    assertThat(remarks).isEmpty();
  }

  private Recorder recorder(List<String> remarks) {
    return new Recorder("relay", state.resolve("bench.json"), remarks::add);
  }
}
