package dev.postbus.policy.smtp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A message while it is judged: a small one in memory, a larger one in a file that goes away. */
final class Spool implements AutoCloseable {
  private static final int IN_MEMORY = 256 * 1024;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream(4096);
  private @Nullable Path file;
  private @Nullable OutputStream toFile;

  void write(int b) throws IOException {
    if (toFile != null) {
      toFile.write(b);
      return;
    }
    memory.write(b);
    if (memory.size() > IN_MEMORY) {
      var spooled = Files.createTempFile("message-", ".eml");
      file = spooled;
      var out = new BufferedOutputStream(Files.newOutputStream(spooled), 64 * 1024);
      memory.writeTo(out);
      memory.reset();
      toFile = out;
    }
  }

  /** Reads what was written, from its start. */
  InputStream read() throws IOException {
    if (toFile != null) {
      toFile.flush();
    }
    return file == null
        ? new ByteArrayInputStream(memory.toByteArray())
        : new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
  }

  @Override
  public void close() throws IOException {
    if (toFile != null) {
      toFile.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
