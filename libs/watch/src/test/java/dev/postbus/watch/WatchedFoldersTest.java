package dev.postbus.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFoldersTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final Duration NEVER = Duration.ofHours(1);

  @TempDir Path work;
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void whateverChangesInAndBelowIsToldOnceItIsQuiet() throws Exception {
    var root = work.resolve("made/later");
    try (var watch =
        FileWatch.startForFolders(() -> List.of(root), QUIET, NEVER, told::incrementAndGet)) {
      assertThat(watch).isNotNull();

      awaitToldAfter(() -> Files.createDirectories(root));
      awaitToldAfter(() -> Files.writeString(root.resolve("index.md"), "one"));
      awaitToldAfter(() -> Files.createDirectory(root.resolve("sub")));
      awaitToldAfter(() -> Files.writeString(root.resolve("sub/page.md"), "two"));
      awaitToldAfter(() -> Files.writeString(root.resolve("sub/page.md"), "three"));
      awaitToldAfter(() -> Files.delete(root.resolve("sub/page.md")));
      var fresh = Files.createDirectory(work.resolve("fresh"));
      Files.writeString(fresh.resolve("index.md"), "other");
      awaitToldAfter(
          () -> {
            Files.move(root, work.resolve("old"));
            Files.move(fresh, root, StandardCopyOption.ATOMIC_MOVE);
          });
      awaitToldAfter(() -> Files.writeString(root.resolve("index.md"), "in the other"));
    }
  }

  @Test
  void whatIsThereAtTheStartIsNoChange() throws Exception {
    Files.writeString(work.resolve("index.md"), "one");
    try (var watch =
        FileWatch.startForFolders(() -> List.of(work), QUIET, QUIET, told::incrementAndGet)) {
      assertThat(watch).isNotNull();
      // A change that is told shows that the watch has looked
      awaitToldAfter(() -> Files.writeString(work.resolve("index.md"), "changed"));
      assertThat(told).hasValue(1);
    }
  }

  private interface Change {
    void make() throws Exception;
  }

  private void awaitToldAfter(Change change) throws Exception {
    var before = told.get();
    change.make();
    await().atMost(LONG).until(() -> told.get() > before);
  }
}
