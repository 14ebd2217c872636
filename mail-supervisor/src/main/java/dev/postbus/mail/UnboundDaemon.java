package dev.postbus.mail;

import dev.postbus.applier.Daemon;
import dev.postbus.applier.DaemonRefusal;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.supervision.Commands;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.Reload;
import dev.postbus.supervision.Supervisor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Unbound: the resolver that mail-policy looks up DKIM keys with; it validates DNSSEC. */
record UnboundDaemon(Supervisor supervisor) implements Daemon {
  private static final String FILE = "unbound.conf";

  @Override
  public String name() {
    return MailDaemons.UNBOUND;
  }

  @Override
  public Optional<String> problem(Path rendered) {
    var file = rendered.resolve(name()).resolve(FILE).toString();
    return Commands.run(List.of("/usr/sbin/unbound-checkconf", file), MailDaemons.CHECK).problem();
  }

  @Override
  public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
    DaemonRollout.await(name(), supervisor.reload(name()));
    return "reloaded";
  }

  static ProcessDescription process(MailSettings settings, Path current) {
    var file = current.resolve(MailDaemons.UNBOUND).resolve(FILE).toString();
    return ProcessDescription.named(MailDaemons.UNBOUND)
        // Debugging is what it calls the foreground; without a file for its process id.
        .command("/usr/sbin/unbound", "-d", "-p", "-c", file)
        .runAs(MailFolders.owner(settings.unbound()))
        .readiness(Readiness.port(settings.ports().resolver()))
        .reload(new Reload.Signal("HUP"))
        .stop(MailDaemons.STOP)
        .build();
  }
}
