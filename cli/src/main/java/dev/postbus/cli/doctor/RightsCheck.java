package dev.postbus.cli.doctor;

import dev.postbus.deploy.local.ClosedFolder;
import dev.postbus.doctor.Check;
import dev.postbus.doctor.DiskCheck;
import dev.postbus.doctor.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether the stack can be started from here, with its state there.
 *
 * @param state the state folder
 */
record RightsCheck(Path state) implements Check {
  // sun_path of sockaddr_un has 108 bytes with the terminating zero, see unix(7); this is the
  // longest.
  private static final int LONGEST_SOCKET_PATH = 107;
  private static final String LONGEST =
      "mail/dovecot/run/srv.imap-hibernate/login-master-notify-0123456789";
  private static final String ELSEWHERE = "choose another folder: --state /var/lib/postbus";

  @Override
  public String name() {
    return "rights";
  }

  @Override
  public List<Finding> look() {
    var found = new ArrayList<Finding>();
    if (!isRoot()) {
      found.add(
          warning(
              "this is not root, who has to start postfix and dovecot, and sees everything",
              "sudo ./postbus doctor, and sudo ./postbus up"));
    }
    if (!state.toString().matches("[A-Za-z0-9/._+-]+")) {
      found.add(
          problem(
              state + " has other letters than A-Z, a-z, 0-9 and /._+-, which daemons misread",
              ELSEWHERE));
    }
    var tooLong = bytes(state.resolve(LONGEST)) - LONGEST_SOCKET_PATH;
    if (tooLong > 0) {
      found.add(
          problem(
              "%s is %d bytes too long for the sockets in it".formatted(state, tooLong),
              ELSEWHERE));
    }
    // As long as nothing is there, the folder will have the rights of a new one.
    var closed = ClosedFolder.above(DiskCheck.nearest(state).resolve("x"));
    if (closed.isPresent() && !canUnshare()) {
      found.add(
          problem(
              "%s may only be entered by its owner, and the kernel refuses a mount namespace"
                  .formatted(closed.get().folder()),
              ELSEWHERE));
    }
    if (found.isEmpty()) {
      found.add(ok("the stack can be started, with its state in " + state));
    }
    return found;
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isRoot() {
    try {
      return Objects.equals(0, Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean canUnshare() {
    try {
      var process =
          new ProcessBuilder("unshare", "--mount", "--propagation", "slave", "true")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
