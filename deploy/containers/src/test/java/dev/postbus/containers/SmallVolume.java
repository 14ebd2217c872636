package dev.postbus.containers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A file system of its own that a test class can fill. */
record SmallVolume(Path folder, int megabytes) implements BeforeAllCallback, AfterAllCallback {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int PIECE = 1 << 20;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Command.run(
            LONG,
            Map.of(),
            List.of(
                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "postbus", "" + folder))
        .succeeded();
  }

  /** Takes all of its room. */
  void fill() throws IOException {
    try (var out = Files.newOutputStream(filler())) {
      for (var piece = new byte[PIECE]; piece.length > 0; ) {
        piece = taken(out, piece) ? piece : new byte[piece.length / 2];
      }
    }
  }

  private static boolean taken(OutputStream out, byte[] piece) {
    try {
      out.write(piece);
      return true;
    } catch (IOException full) {
      return false;
    }
  }

  /** Gives it back. */
  void empty() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
    Command.run(LONG, Map.of(), List.of("umount", "" + folder)).succeeded();
  }
}
