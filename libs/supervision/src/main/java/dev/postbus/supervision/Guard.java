package dev.postbus.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the children of a supervisor that was killed. The kernel forgets a parent-death signal when
 * a process changes its user, as Postfix, opendkim and unbound do; so a process of its own holds
 * the other end of a pipe, is told which children there are, and ends these when the pipe does.
 *
 * <p>Not safe for use by several threads: the supervisor's only.
 */
final class Guard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Guard.class);

  // Each line that it is told is all children, as PID:STARTTIME; the last one counts. A session
  // whose leader is gone has no successor of its number; one whose leader is another one has.
  private static final String PROGRAM =
      """
      children=
      while read -r line; do children=$line; done
      left() {
        for child in $children; do
          stat=
          read -r stat 2>/dev/null <"/proc/${child%:*}/stat"
          set -- ${stat##*) }
          [ -z "$stat" ] || [ "${20}" = "${child#*:}" ] || continue
          pgrep -s "${child%:*}" >/dev/null && printf '%s ' "$child"
        done
      }
      tell() {
        for child in $children; do pkill "-$1" -s "${child%:*}"; done
      }
      children=$(left)
      tell TERM
      tries=0
      while [ -n "$children" ] && [ $tries -lt 40 ]; do
        sleep 0.25
        tries=$((tries + 1))
        children=$(left)
      done
      tell KILL
      """;

  private final TreeMap<String, String> children = new TreeMap<>();
  private @Nullable Process process;

  /** Begins to watch, before there is any child. */
  void begin() {
    tell();
  }

  /** A child was started. */
  void add(String name, long pid) {
    var startTime = ProcessTable.startTime(pid);
    if (startTime.isPresent()) {
      children.put(name, pid + ":" + startTime.getAsLong());
      tell();
    }
  }

  /** A child, and all of its session, has ended. */
  void remove(String name) {
    if (children.remove(name) != null) {
      tell();
    }
  }

  private void tell() {
    try {
      if (process == null || !process.isAlive()) {
        process = start();
      }
      write(process, children.values());
    } catch (IOException e) {
      log.warn(
          "children may outlive this process when it is killed: no guard ({})", e.getMessage());
    }
  }

  private static void write(Process guard, Collection<String> children) throws IOException {
    var line = children.stream().collect(Collectors.joining(" ", "", "\n"));
    guard.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
    guard.getOutputStream().flush();
  }

  /** In a session of its own, so that nothing that ends the supervisor's ends it too. */
  private static Process start() throws IOException {
    var builder =
        new ProcessBuilder(List.of("setsid", "setpriv", "--no-new-privs", "sh", "-c", PROGRAM))
            .directory(new java.io.File("/"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return builder.start();
  }

  /** Lets it go; it ends what has not ended yet. */
  @Override
  public void close() {
    try {
      if (process != null) {
        process.getOutputStream().close();
      }
    } catch (IOException gone) {
      log.debug("the guard was gone", gone);
    }
  }
}
