package dev.postbus.cert.foreign;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Clock;

/**
 * Parses what a service with privileges was brought, in a process without any: answers one request
 * after another until its input ends.
 */
final class ParserProgram {
  private ParserProgram() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    var parser = new PemImport(Clock.systemUTC());
    try (var in =
            new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        var out =
            new DataOutputStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
      while (true) {
        Wire.answerNext(in, parser, out);
      }
    } catch (EOFException ended) {
      // Whoever asked has gone.
    }
  }
}
