package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyQuietChildrenTest {
  @TempDir Path folder;

  @Test
  void childrenThatWriteNothingLeaveVirtualThreadsFreeToRun() throws InterruptedException {
    // Given more silent children than the machine has cores, by far
    var children = Runtime.getRuntime().availableProcessors() * 2 + 300;
    var descriptions =
        IntStream.range(0, children)
            .mapToObj(i -> ProcessDescription.named("quiet-" + i).command("sleep", "1000").build())
            .toList();
    try (var supervisor = new Supervisor(descriptions, new Recorder(), folder, Clock.systemUTC())) {
      supervisor.start();
      assertThat(supervisor.awaitReady(Duration.ofSeconds(60))).isTrue();

      // Then a virtual thread still finds a carrier
      var ran = new CountDownLatch(1);
      Thread.startVirtualThread(ran::countDown);
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
