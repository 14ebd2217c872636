package dev.postbus.mail;

import dev.postbus.applier.Daemon;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.StopSignal;
import dev.postbus.supervision.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The daemons, as processes and as takers of changes. */
final class MailDaemons {
  static final String POSTFIX = "postfix";
  static final String DOVECOT = "dovecot";
  static final String POLICY = "mail-policy";
  static final String OPENDKIM = "opendkim";
  static final String UNBOUND = "unbound";
  static final StopSignal STOP = new StopSignal("TERM", Duration.ofSeconds(5));
  static final Duration CHECK = Duration.ofSeconds(30);

  private MailDaemons() {}

  /** The processes; {@code current} is the link to the rendered files in force. */
  static List<ProcessDescription> processes(MailSettings settings, Path current) {
    return List.of(
        PolicyDaemon.process(settings, current),
        UnboundDaemon.process(settings, current),
        OpendkimDaemon.process(settings, current),
        DovecotDaemon.process(settings, current),
        PostfixDaemon.process(settings, current));
  }

  /** The daemons in the order in which they take up changes. */
  static List<Daemon> of(MailSettings settings, Supervisor supervisor) {
    return List.of(
        new PolicyDaemon(settings, supervisor),
        new UnboundDaemon(supervisor),
        new OpendkimDaemon(supervisor),
        new DovecotDaemon(supervisor),
        new PostfixDaemon(
            settings, supervisor, new BlockedListeners(settings.ports().postfixListeners())));
  }
}
