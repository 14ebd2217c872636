package dev.postbus.cert.foreign;

import dev.postbus.supervision.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What this process may do that others may not, by /proc, see proc_pid_status(5).
 *
 * @param uid effective user id
 * @param capabilities the effective ones, as bits
 */
record Privileges(int uid, long capabilities) {
  static Privileges ofThisProcess() {
    try {
      var uid = -1;
      var capabilities = -1L;
      for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
        var fields = line.split("\\s+");
        switch (fields[0]) {
          case "Uid:" -> uid = Integer.parseInt(fields[2]);
          case "CapEff:" -> capabilities = Long.parseUnsignedLong(fields[1], 16);
          default -> {}
        }
      }
      return new Privileges(uid, capabilities);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /proc/self/status", e);
    }
  }

  /** A parser of foreign bytes that has none of these. */
  PairParser parser(Clock clock, int parserUid) {
    if (uid == 0) {
      return new SeparateParser(Account.of(parserUid));
    }
    return capabilities == 0 ? new PemImport(clock) : new SeparateParser(null);
  }
}
