package dev.postbus.policy.smtp;

import dev.postbus.policy.net.Listener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a message as it goes after DATA, but for the last dot (RFC 5321 section 4.5.2). */
final class MessageWriter {
  private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

  private MessageWriter() {}

  /** A dot at the start of a line is doubled; line ends have been checked when it was read. */
  static void write(Spool message, OutputStream out) throws IOException {
    var block = new byte[Math.clamp(message.size(), 1, Listener.blockSize())];
    byte before = '\n';
    try (var in = message.read()) {
      for (int length = in.read(block); length > 0; length = in.read(block)) {
        var run = 0;
        for (int i = 0; i < length; i++) {
          if (block[i] == '.' && (i == 0 ? before : block[i - 1]) == '\n') {
            out.write(block, run, i - run);
            out.write('.');
            run = i;
          }
        }
        out.write(block, run, length - run);
        before = block[length - 1];
      }
    }
    if (before != '\n') {
      out.write(LINE_END);
    }
  }
}
