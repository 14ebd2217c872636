package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutTest {
  @TempDir Path folder;

  @Test
  void whatIsPreparedIsNotInForceBeforeTheSwitch() throws IOException {
    var rollout = new Rollout(folder);
    var first = rollout.prepare(into -> Files.writeString(into.resolve("f"), "1"));
    assertThat(rollout.current()).isEmpty();

    rollout.switchTo(first);
    var second = rollout.prepare(into -> Files.writeString(into.resolve("f"), "2"));

    assertThat(rollout.link().resolve("f")).hasContent("1");
    rollout.switchTo(second);
    assertThat(rollout.link().resolve("f")).hasContent("2");
  }

  @Test
  void anEarlierOneCanBePutBack() throws IOException {
    var rollout = new Rollout(folder);
    var first = rollout.prepare(into -> Files.writeString(into.resolve("f"), "1"));
    rollout.switchTo(first);
    rollout.switchTo(rollout.prepare(into -> Files.writeString(into.resolve("f"), "2")));

    rollout.switchTo(first);

    assertThat(rollout.link().resolve("f")).hasContent("1");
  }

  @Test
  void aFailedRenderingLeavesNothingBehind() throws IOException {
    var rollout = new Rollout(folder);

    assertThatThrownBy(
            () ->
                rollout.prepare(
                    into -> {
                      Files.writeString(into.resolve("half"), "1");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("disk full");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void onlyTheLastFiveAreKept() throws IOException {
    switchNineTimes(Instant.now().minusSeconds(600));

    assertThat(names()).containsExactlyInAnyOrder("5", "6", "7", "8", "9", "current");
  }

  @Test
  void whatAProcessMayStillServeFromIsKept() throws IOException {
    switchNineTimes(Instant.now());

    assertThat(names()).contains("1", "9");
  }

  private void switchNineTimes(Instant rendered) throws IOException {
    var rollout = new Rollout(folder);
    for (int i = 0; i < 9; i++) {
      var prepared = rollout.prepare(into -> Files.writeString(into.resolve("f"), "x"));
      Files.setLastModifiedTime(prepared, FileTime.from(rendered));
      rollout.switchTo(prepared);
    }
  }

  private List<String> names() throws IOException {
    try (var left = Files.list(folder)) {
      return left.map(path -> path.getFileName().toString()).toList();
    }
  }
}
