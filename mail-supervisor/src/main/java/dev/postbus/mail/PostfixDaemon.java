package dev.postbus.mail;

import dev.postbus.applier.Daemon;
import dev.postbus.applier.DaemonRefusal;
import dev.postbus.applier.DaemonRollout;
import dev.postbus.supervision.Commands;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.Reload;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Postfix: its master process itself. */
record PostfixDaemon(MailSettings settings, Supervisor supervisor, BlockedListeners blocked)
    implements Daemon {
  @Override
  public String name() {
    return MailDaemons.POSTFIX;
  }

  /**
   * {@code postfix check} looks after the queue's folders too, with dozens of processes: that is
   * for the first start. Of changed files, Postfix's own tools look at what can be wrong much
   * sooner: at main.cf and its numbers and tables by using them, and at master.cf.
   */
  @Override
  public Optional<String> problem(Path rendered) {
    var folder = rendered.resolve(name()).toString();
    var map = "pcre:" + folder + "/sender_login";
    return Commands.problem(
        Files.exists(settings.queue().resolve("active"))
            ? List.of(
                List.of("/usr/sbin/postmap", "-c", folder, "-q", "anybody", map),
                List.of("/usr/sbin/postconf", "-c", folder, "-M"))
            : List.of(List.of("/usr/sbin/postfix", "-c", folder, "check")),
        MailDaemons.CHECK);
  }

  /** What begins to serve needs Dovecot's sockets, which a reload removes for a moment. */
  @Override
  public boolean afterOthers() {
    return true;
  }

  /**
   * Other addresses to listen on are taken up only at a start, see inet_interfaces in postconf(5).
   */
  @Override
  public String wouldDo(Optional<Path> before, Path now) {
    if (before.isEmpty() || !interfaces(before.get()).equals(interfaces(now))) {
      return "restarted";
    }
    return version(now).isPresent() && version(before.get()).equals(version(now))
        ? "renewed"
        : "reloaded";
  }

  @Override
  public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
    var what = wouldDo(before, now);
    if (what.equals("restarted")) {
      DaemonRollout.await(name(), supervisor.restart(name()));
      return what;
    }
    if (what.equals("renewed")) {
      settings.renewalTable().replace();
      return what;
    }
    var begin = Instant.now();
    DaemonRollout.await(name(), supervisor.reload(name()));
    // The change is in force; whether a port must be helped may take seconds to find out.
    Thread.ofVirtual().start(() -> master().ifPresent(master -> blocked.open(master, begin)));
    return what;
  }

  private Optional<ProcessHandle> master() {
    return supervisor.status().stream()
        .filter(status -> status.name().equals(name()))
        .flatMap(status -> Stream.ofNullable(status.pid()))
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .findFirst();
  }

  private List<String> interfaces(Path rendered) {
    try {
      return Files.readAllLines(rendered.resolve(name()).resolve("main.cf")).stream()
          .filter(line -> line.startsWith("inet_"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + rendered, e);
    }
  }

  private static Optional<PostfixVersion> version(Path rendered) {
    return PostfixVersion.in(rendered.resolve(MailDaemons.POSTFIX));
  }

  /** What the rendered master.cf lets its readiness listener say. */
  private static String greeting(Rollout rollout) {
    return rollout
        .current()
        .flatMap(PostfixDaemon::version)
        .map(version -> "220 " + version.digest())
        .orElse("nothing is in force");
  }

  static ProcessDescription process(MailSettings settings, Path current) {
    var rollout = new Rollout(settings.rendered());
    // Not start-fg: outside of PID 1 it leaves its master behind when it is stopped.
    return ProcessDescription.named(MailDaemons.POSTFIX)
        .command(
            "/usr/lib/postfix/sbin/master",
            "-c",
            current.resolve(MailDaemons.POSTFIX).toString(),
            "-s")
        .newPrivileges()
        // A delivery that Dovecot does not take yet would wait for the queue's next round, and a
        // message that cannot be signed or verified yet would be put off.
        .needs(MailDaemons.DOVECOT, MailDaemons.OPENDKIM, MailDaemons.UNBOUND)
        // The public ports greet before a reload is done, too, and are mail's.
        .readiness(
            Readiness.greeting(settings.queue().resolve("public/ready"), () -> greeting(rollout)))
        .reload(new Reload.Signal("HUP"))
        .stop(MailDaemons.STOP)
        .build();
  }
}
