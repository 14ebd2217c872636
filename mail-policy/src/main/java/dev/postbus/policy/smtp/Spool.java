package dev.postbus.policy.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message while it is judged: a small one in memory, a larger one in a file. */
final class Spool implements AutoCloseable {
  private static final int IN_MEMORY = 256 * 1024;
  private static final int FIRST = 4 * 1024;

  private final SpoolFolder folder;
  private byte[] memory = new byte[0];
  private int inMemory;
  private @Nullable FileChannel file;

  Spool(SpoolFolder folder) {
    this.folder = folder;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (file == null && !grow(inMemory + length)) {
      file = folder.file();
      toFile(file, memory, 0, inMemory);
      forgetMemory();
    }
    if (file != null) {
      toFile(file, bytes, offset, length);
    } else {
      System.arraycopy(bytes, offset, memory, inMemory, length);
      inMemory += length;
    }
  }

  /** Reads what was written, from its start; one reader at a time. */
  InputStream read() {
    return file == null ? new ByteArrayInputStream(memory, 0, inMemory) : new FileReader(file);
  }

  boolean isInFile() {
    return file != null;
  }

  @Override
  public void close() throws IOException {
    forgetMemory();
    if (file != null) {
      file.close();
    }
  }

  private boolean grow(int size) {
    if (size <= memory.length) {
      return true;
    }
    if (size > IN_MEMORY) {
      return false;
    }
    var next = Math.min(IN_MEMORY, Math.max(Math.max(FIRST, size), memory.length * 2));
    if (!folder.reserve(next - memory.length)) {
      return false;
    }
    memory = Arrays.copyOf(memory, next);
    return true;
  }

  private void forgetMemory() {
    folder.release(memory.length);
    memory = new byte[0];
    inMemory = 0;
  }

  private static void toFile(FileChannel file, byte[] bytes, int offset, int length)
      throws IOException {
    var buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
  }

  /** Reads by position, so that it needs no place of its own in the file. */
  private static final class FileReader extends InputStream {
    private final FileChannel file;
    private long position;

    FileReader(FileChannel file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      var count = file.read(ByteBuffer.wrap(target, offset, length), position);
      position += Math.max(0, count);
      return count;
    }
  }
}
