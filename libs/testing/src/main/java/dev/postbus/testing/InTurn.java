package dev.postbus.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For classes of tests that take a processor each. However many modules are tested at a time, and
 * classes within them, only two such classes run at once: the others wait for their turn. So none
 * is slowed down by a third, and both processors have work until the last class is done.
 */
public final class InTurn implements BeforeAllCallback {
  private static final int AT_ONCE = 2;
  private static final int PAUSE_MILLIS = 100;

  /** For JUnit. */
  public InTurn() {}

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    var store = context.getStore(ExtensionContext.Namespace.create(InTurn.class));
    // Classes within a class have its turn; it ends after all else of the class has ended.
    if (store.get(InTurn.class) == null) {
      store.put(InTurn.class, Turn.take());
    }
  }

  /** The file of a turn, locked: other JVMs see that, and it ends with this one. */
  private record Turn(FileChannel file, FileLock lock) implements AutoCloseable {
    static Turn take() throws IOException, InterruptedException {
      var folder = Files.createDirectories(checkout().resolve("target/turns"));
      while (true) {
        for (int i = 0; i < AT_ONCE; i++) {
          var turn = tryTo(folder.resolve("" + i));
          if (turn.isPresent()) {
            return turn.get();
          }
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }

    private static Optional<Turn> tryTo(Path file) throws IOException {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        var lock = channel.tryLock();
        if (lock != null) {
          return Optional.of(new Turn(channel, lock));
        }
      } catch (OverlappingFileLockException ofThisJvm) {
        // Then it is taken, too.
      }
      channel.close();
      return Optional.empty();
    }

    private static Path checkout() {
      return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
          .filter(folder -> Files.exists(folder.resolve("postbus")))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() throws IOException {
      lock.release();
      file.close();
    }
  }
}
