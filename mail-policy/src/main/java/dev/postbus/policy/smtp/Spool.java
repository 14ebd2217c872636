package dev.postbus.policy.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message while it is judged: a small one in memory, a larger one in a file. */
final class Spool implements AutoCloseable {
  private static final int IN_MEMORY = 256 * 1024;
  private static final int PIECE = 8 * 1024;

  private final SpoolFolder folder;
  private final List<byte[]> pieces = new ArrayList<>();
  private long size;
  private @Nullable FileChannel file;

  /** As {@link SpoolFolder#spool} makes one. */
  Spool(SpoolFolder folder) {
    this.folder = folder;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (file == null && !makeRoom(size + length)) {
      file = folder.file();
      for (long at = 0; at < size; at += PIECE) {
        toFile(file, piece(at), 0, (int) Math.min(PIECE, size - at));
      }
      forgetMemory();
    }
    if (file != null) {
      toFile(file, bytes, offset, length);
    } else {
      toMemory(bytes, offset, length);
    }
    size += length;
  }

  /** Bytes written so far. */
  long size() {
    return size;
  }

  /** Reads what was written, from its start; one reader at a time. */
  InputStream read() {
    return file == null ? new MemoryReader() : new FileReader(file);
  }

  boolean isInFile() {
    return file != null;
  }

  @Override
  public void close() throws IOException {
    folder.leave();
    forgetMemory();
    if (file != null) {
      file.close();
    }
  }

  private boolean makeRoom(long total) {
    while ((long) pieces.size() * PIECE < total) {
      if (total > IN_MEMORY || !folder.reserve(PIECE)) {
        return false;
      }
      pieces.add(new byte[PIECE]);
    }
    return true;
  }

  private void toMemory(byte[] bytes, int offset, int length) {
    for (int done = 0; done < length; ) {
      var within = (int) ((size + done) % PIECE);
      var count = Math.min(PIECE - within, length - done);
      System.arraycopy(bytes, offset + done, piece(size + done), within, count);
      done += count;
    }
  }

  private byte[] piece(long position) {
    return pieces.get((int) (position / PIECE));
  }

  private void forgetMemory() {
    folder.release((long) pieces.size() * PIECE);
    pieces.clear();
  }

  private static void toFile(FileChannel file, byte[] bytes, int offset, int length)
      throws IOException {
    var buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
  }

  private final class MemoryReader extends InputStream {
    private long position;

    @Override
    public int read() {
      return position < size ? piece(position)[(int) (position++ % PIECE)] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position >= size) {
        return -1;
      }
      var total = (int) Math.min(length, size - position);
      for (int done = 0; done < total; ) {
        var within = (int) (position % PIECE);
        var count = Math.min(PIECE - within, total - done);
        System.arraycopy(piece(position), within, target, offset + done, count);
        position += count;
        done += count;
      }
      return total;
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
