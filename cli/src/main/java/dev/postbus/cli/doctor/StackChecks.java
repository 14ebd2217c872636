package dev.postbus.cli.doctor;

import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import dev.postbus.doctor.ClockCheck;
import dev.postbus.doctor.DiskCheck;
import dev.postbus.doctor.Doctor;
import dev.postbus.doctor.InotifyCheck;
import dev.postbus.doctor.LimitsCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** All that is looked at for a relay of this machine. */
public final class StackChecks {
  private static final Path ROOT = Path.of("/");
  private static final int DNS = 53;
  private static final int SMTP = 25;

  private StackChecks() {}

  /**
   * Who looks at it.
   *
   * @param state its state folder, which need not be there
   * @param settings what it is, or would be
   * @param running its processes, if it runs
   * @param idleNotify the built library by which Dovecot tells clients of mail
   * @param mailServer a mail server elsewhere, to try whether one gets there
   */
  public static Doctor of(
      Path state,
      StackSettings settings,
      Optional<StackState> running,
      Path idleNotify,
      String mailServer) {
    var open = isPublic(settings.domain());
    return new Doctor(
        List.of(
            new JavaCheck(Runtime.version(), Path.of(System.getProperty("java.home"))),
            new PackagesCheck(ROOT),
            new PortsCheck(settings.ports().all(), running.map(StackState::pid)),
            new InotifyCheck(ROOT, Optional.of(idleNotify)),
            new MemoryCheck(ROOT, settings.shape(), running.isPresent()),
            new LimitsCheck(ROOT),
            new DiskCheck(state, DiskCheck.LEAST, DiskCheck.ENOUGH),
            new ClockCheck(state, Clock.systemUTC()),
            new RightsCheck(state),
            new StateCheck(state, settings.shape(), running.isPresent()),
            new ResolverCheck(ROOT, DNS, open),
            new OutgoingCheck(mailServer, SMTP, open)));
  }

  /** Whether other servers are to find a domain: one that begins with _ or is an address is not. */
  static boolean isPublic(String domain) {
    return !domain.startsWith("_") && !domain.matches("[\\d.]+");
  }
}
