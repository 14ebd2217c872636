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
import java.util.List;
import java.util.Optional;

/** Dovecot: takes up everything by a reload, and keeps its sessions. */
record DovecotDaemon(Supervisor supervisor) implements Daemon {
  private static final String FILE = "dovecot.conf";

  @Override
  public String name() {
    return MailDaemons.DOVECOT;
  }

  @Override
  public Optional<String> problem(Path rendered) {
    var file = rendered.resolve(name()).resolve(FILE).toString();
    return Commands.run(List.of("/usr/bin/doveconf", "-n", "-c", file), MailDaemons.CHECK)
        .problem();
  }

  @Override
  public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
    DaemonRollout.await(name(), supervisor.reload(name()));
    return "reloaded";
  }

  static ProcessDescription process(MailSettings settings, Path current) {
    var file = current.resolve(MailDaemons.DOVECOT).resolve(FILE).toString();
    return ProcessDescription.named(MailDaemons.DOVECOT)
        .command("/usr/sbin/dovecot", "-F", "-c", file)
        // Who logs in before the accounts are there is refused, after two seconds.
        .needs(MailDaemons.POLICY)
        .stale(
            new StaleFiles(settings.dovecotRun(), "master.pid"),
            new StaleFiles(settings.dovecotState(), "*.lock"))
        .readiness(
            Readiness.allOf(
                Readiness.greeting(settings.ports().imap(), "* OK"),
                Readiness.socket(settings.dovecotRun().resolve("postfix-auth")),
                Readiness.port(settings.ports().lmtp())))
        // Its processes of before a reload greet too, until they are told to end.
        .reload(
            new Reload.Signal(
                "HUP", new Reload.Sign.NewFile(settings.dovecotRun().resolve("auth-client"))))
        .stop(MailDaemons.STOP)
        .build();
  }
}
