package dev.postbus.mail;

import dev.postbus.supervision.Account;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.Readiness;
import dev.postbus.supervision.Reload;
import dev.postbus.supervision.StopSignal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the three are run. */
final class MailDaemons {
  static final String POSTFIX = "postfix";
  static final String DOVECOT = "dovecot";
  static final String POLICY = "mail-policy";

  private static final StopSignal STOP = new StopSignal("TERM", Duration.ofSeconds(5));

  private MailDaemons() {}

  /** The descriptions; {@code current} is the link to the rendered files in force. */
  static List<ProcessDescription> of(MailSettings settings, Path current) {
    return List.of(
        policy(settings, current), dovecot(settings, current), postfix(settings, current));
  }

  static URI policyControl(MailSettings settings, String path) {
    return URI.create("http://127.0.0.1:" + settings.ports().policyControl() + path);
  }

  private static ProcessDescription policy(MailSettings settings, Path current) {
    return ProcessDescription.named(POLICY)
        .command(
            settings.java().toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xss256k",
            "-Xms8m",
            "-Xmx64m",
            "-Djava.io.tmpdir=" + settings.policy().resolve("tmp"),
            "-cp",
            settings.policyProgram() + "/*",
            "dev.postbus.policy.Main",
            current.resolve(POLICY).resolve("policy.json").toString())
        .environment(Map.of("MALLOC_ARENA_MAX", "1"))
        .runAs(new Account(settings.vmailUid(), settings.vmailGid(), List.of()))
        .readiness(new Readiness.Http(policyControl(settings, "/health"), Duration.ofSeconds(15)))
        .stop(STOP)
        .build();
  }

  private static ProcessDescription dovecot(MailSettings settings, Path current) {
    return ProcessDescription.named(DOVECOT)
        .command(
            "/usr/sbin/dovecot",
            "-F",
            "-c",
            current.resolve(DOVECOT).resolve("dovecot.conf").toString())
        .readiness(
            Readiness.allOf(
                Readiness.greeting(settings.ports().imap(), "* OK"),
                Readiness.socket(settings.dovecotRun().resolve("lmtp"))))
        .reload(new Reload.Signal("HUP"))
        .stop(STOP)
        .build();
  }

  private static ProcessDescription postfix(MailSettings settings, Path current) {
    // Not start-fg: outside of PID 1 it leaves its master behind when it is stopped.
    return ProcessDescription.named(POSTFIX)
        .command("/usr/lib/postfix/sbin/master", "-c", current.resolve(POSTFIX).toString(), "-s")
        .newPrivileges()
        .readiness(Readiness.greeting(settings.ports().smtp(), "220 "))
        .reload(new Reload.Signal("HUP"))
        .stop(STOP)
        .build();
  }
}
