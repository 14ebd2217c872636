package dev.postbus.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The kernel's process table, as far as sessions and start times go. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  // Positions in /proc/<pid>/stat behind the command's closing parenthesis, see proc(5).
  private static final int STATE = 0;
  private static final int SESSION = 3;
  private static final int START_TIME = 19;

  private ProcessTable() {}

  /** Living processes of a session; zombies do not count. */
  static List<Long> membersOf(long session) {
    var members = new ArrayList<Long>();
    try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var entry : entries) {
        var fields = fields(entry);
        if (fields.length > START_TIME
            && !fields[STATE].equals("Z")
            && fields[SESSION].equals(Long.toString(session))) {
          members.add(Long.valueOf(entry.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + PROC, e);
    }
    return members;
  }

  /** Living children of a process, each with the time of its start. */
  static Map<Long, Long> childrenOf(long parent) {
    var children = new HashMap<Long, Long>();
    ProcessHandle.of(parent).stream()
        .flatMap(ProcessHandle::children)
        .map(ProcessHandle::pid)
        .forEach(pid -> startTime(pid).ifPresent(start -> children.put(pid, start)));
    return children;
  }

  /** What a process shows as its command, with its arguments; empty when it is gone. */
  static String commandLine(long pid) {
    try {
      return Files.readString(
          PROC.resolve(Long.toString(pid)).resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** When a process started, in clock ticks since the machine did; empty when it is gone. */
  static OptionalLong startTime(long pid) {
    var fields = fields(PROC.resolve(Long.toString(pid)));
    return fields.length > START_TIME && !fields[STATE].equals("Z")
        ? OptionalLong.of(Long.parseLong(fields[START_TIME]))
        : OptionalLong.empty();
  }

  private static String[] fields(Path process) {
    try {
      var stat = Files.readString(process.resolve("stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    } catch (IOException gone) {
      return new String[0];
    }
  }
}
