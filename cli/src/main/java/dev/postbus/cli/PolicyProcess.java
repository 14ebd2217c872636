package dev.postbus.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A running stack's mail-policy.
 *
 * @param pid its process id
 * @param command how it was started; the last word is its settings file
 */
record PolicyProcess(long pid, List<String> command) {

  /** The one among a stack's processes. */
  static PolicyProcess in(StackProcesses processes) throws IOException {
    for (var member : processes.all()) {
      if (member.group().equals("mail-policy")) {
        var words = Files.readString(member.folder().resolve("cmdline"), StandardCharsets.UTF_8);
        var pid = Long.parseLong(String.valueOf(member.folder().getFileName()));
        return new PolicyProcess(pid, List.of(words.split("\0")));
      }
    }
    throw new IOException("mail-policy does not run; see: ./postbus status");
  }

  Path settings() {
    return Path.of(command.getLast());
  }
}
