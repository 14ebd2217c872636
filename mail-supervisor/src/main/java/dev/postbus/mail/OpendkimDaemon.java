package dev.postbus.mail;

import dev.postbus.applier.Daemon;
import dev.postbus.applier.DaemonRefusal;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.supervision.Commands;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.Reload;
import dev.postbus.supervision.StaleFiles;
import dev.postbus.supervision.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** OpenDKIM: signs, as a milter of Postfix. */
record OpendkimDaemon(Supervisor supervisor) implements Daemon {
  private static final String FILE = "opendkim.conf";

  @Override
  public String name() {
    return MailDaemons.OPENDKIM;
  }

  @Override
  public Optional<String> problem(Path rendered) {
    var file = rendered.resolve(name()).resolve(FILE).toString();
    return Commands.run(List.of("/usr/sbin/opendkim", "-n", "-x", file), MailDaemons.CHECK)
        .problem();
  }

  @Override
  public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
    DaemonRollout.await(name(), supervisor.reload(name()));
    return "reloaded";
  }

  static ProcessDescription process(MailSettings settings, Path current) {
    var file = current.resolve(MailDaemons.OPENDKIM).resolve(FILE).toString();
    var socket = settings.opendkimSocket();
    return ProcessDescription.named(MailDaemons.OPENDKIM)
        .command("/usr/sbin/opendkim", "-f", "-x", file)
        .runAs(MailFolders.owner(settings.opendkimRun()))
        .stale(new StaleFiles(settings.opendkimRun(), "*.sock"))
        .readiness(Readiness.socket(socket))
        .reload(new Reload.Signal("USR1"))
        .stop(MailDaemons.STOP)
        // It is known to lose memory slowly.
        .longestRun(Duration.ofDays(1))
        .build();
  }
}
