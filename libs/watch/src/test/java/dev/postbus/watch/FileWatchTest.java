package dev.postbus.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration QUIET = Duration.ofMillis(150);
  private static final Duration NEVER = Duration.ofHours(1);

  @TempDir Path folder;
  private Path file;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("file"), "first");
  }

  @Test
  void everyWayOfChangingAFileIsTold() throws IOException {
    try (var watch = start(file, NEVER)) {
      awaitSeen("first");

      Files.writeString(file, "in place");
      awaitSeen("in place");

      var fresh = Files.writeString(folder.resolve("fresh"), "renamed");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      awaitSeen("renamed");

      Files.delete(file);
      awaitSeen("nothing");

      Files.writeString(file, "again");
      awaitSeen("again");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aFolderBehindALinkThatIsSwitchedIsAChange() throws IOException {
    // As Kubernetes does with what it mounts
    Files.writeString(Files.createDirectory(folder.resolve("one")).resolve("ini"), "one");
    Files.writeString(Files.createDirectory(folder.resolve("two")).resolve("ini"), "two");
    var link = Files.createSymbolicLink(folder.resolve("data"), Path.of("one"));
    try (var watch = start(link.resolve("ini"), NEVER)) {
      awaitSeen("one");

      var other = Files.createSymbolicLink(folder.resolve("data.new"), Path.of("two"));
      Files.move(other, link, StandardCopyOption.ATOMIC_MOVE);

      awaitSeen("two");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void halvesOfWhatIsBeingWrittenAreNotTold() throws Exception {
    try (var watch = start(file, QUIET.multipliedBy(10), NEVER)) {
      awaitSeen("first");
      try (var out =
          Files.newOutputStream(
              file, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
        for (int i = 0; i < 10; i++) {
          out.write("part ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          Thread.sleep(QUIET.dividedBy(5));
        }
      }
      awaitSeen("part ".repeat(10));
      assertThat(seen).containsExactly("first", "part ".repeat(10));
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void whatIsNotToldByTheKernelIsFoundByLooking() throws IOException {
    // The kernel tells nothing of what is written through a mapping.
    try (var watch = start(file, Duration.ofMillis(100));
        var channel =
            java.nio.channels.FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      awaitSeen("first");

      var mapped = channel.map(java.nio.channels.FileChannel.MapMode.READ_WRITE, 0, 5);
      mapped.put("FIRST".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      mapped.force();

      awaitSeen("FIRST");
      assertThat(watch).isNotNull();
    }
  }

  private FileWatch start(Path path, Duration poll) {
    return start(path, QUIET, poll);
  }

  private FileWatch start(Path path, Duration quiet, Duration poll) {
    return FileWatch.start(
        path,
        quiet,
        poll,
        () -> {
          try {
            seen.add(Files.exists(path) ? Files.readString(path) : "nothing");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void awaitSeen(String content) {
    await().atMost(LONG).until(() -> !seen.isEmpty() && seen.getLast().equals(content));
  }
}
