package dev.postbus.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many clients the kernel lets wait for mail cheaply. In a container it cannot be changed: the
 * settings are the host's.
 *
 * @param root of the file system
 * @param idleNotify the library with which Dovecot needs few instances, where there is one
 */
public record InotifyCheck(Path root, Optional<Path> idleNotify) implements Check {
  private static final int ENOUGH = 65_536;
  private static final String INSTANCES = "max_user_instances";
  private static final String WATCHES = "max_user_watches";

  @Override
  public String name() {
    return "inotify";
  }

  @Override
  public List<Finding> look() {
    try {
      var instances = value(INSTANCES);
      var watches = value(WATCHES);
      var said = "%s=%d, %s=%d".formatted(INSTANCES, instances, WATCHES, watches);
      var lines = new ArrayList<String>();
      // The library lets a process give its instance away when its client sleeps.
      if (instances < ENOUGH && idleNotify.filter(Files::isReadable).isEmpty()) {
        lines.add("fs.inotify." + INSTANCES + "=" + ENOUGH);
      }
      if (watches < ENOUGH) {
        lines.add("fs.inotify." + WATCHES + "=" + ENOUGH);
      }
      return List.of(
          lines.isEmpty()
              ? ok(said)
              : warning(
                  said + ": too few for thousands of clients that wait for mail",
                  "on the host, put these lines into /etc/sysctl.d/99-postbus.conf, then run"
                      + " sysctl --system: "
                      + String.join(" and ", lines)));
    } catch (IOException | NumberFormatException e) {
      return List.of(
          warning(
              "the kernel's inotify limits cannot be read: " + e.getMessage(),
              "look at fs.inotify on the host: both should be %d or more".formatted(ENOUGH)));
    }
  }

  private long value(String name) throws IOException {
    // By lines: read in one piece, the kernel gives the first digit only.
    var lines = Files.readAllLines(root.resolve("proc/sys/fs/inotify").resolve(name));
    return Long.parseLong(lines.isEmpty() ? "" : lines.getFirst().strip());
  }
}
