package dev.postbus.mail;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayActivity.DaemonAction;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.Commands;
import dev.postbus.supervision.ProcessFailure;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a configuration and a certificate to the daemons: renders, has the daemons' own checkers
 * look, switches, and touches those daemons whose files changed. If one does not take it, all of it
 * is taken back.
 */
final class MailRollout {
  private static final Logger log = LoggerFactory.getLogger(MailRollout.class);
  private static final Duration CHECK = Duration.ofSeconds(30);
  private static final List<String> DAEMONS =
      List.of(MailDaemons.POLICY, MailDaemons.DOVECOT, MailDaemons.POSTFIX);

  private final MailSettings settings;
  private final MailFiles files;
  private final Rollout rollout;
  private final Supervisor supervisor;
  private boolean started;

  MailRollout(MailSettings settings, MailFiles files, Rollout rollout, Supervisor supervisor) {
    this.settings = settings;
    this.files = files;
    this.rollout = rollout;
    this.supervisor = supervisor;
  }

  /** Starts the daemons with what was in force when they last ran; false if there is nothing. */
  synchronized boolean startAsBefore() {
    if (rollout.current().isEmpty()) {
      return false;
    }
    supervisor.start();
    started = true;
    return true;
  }

  /** Applies; what was done to each daemon is returned. */
  synchronized List<DaemonAction> apply(
      RelayConfiguration configuration, StoredCertificate certificate) throws DaemonRefusal {
    var before = rollout.current();
    var prepared = rollout.prepare(into -> files.render(configuration, certificate, into));
    try {
      check(prepared);
    } catch (DaemonRefusal e) {
      Rollout.discard(prepared);
      throw e;
    }
    rollout.switchTo(prepared);
    if (!started) {
      supervisor.start();
      started = true;
      return awaitFirstStart();
    }
    var actions = new ArrayList<DaemonAction>();
    try {
      for (var daemon : DAEMONS) {
        actions.add(
            before.isPresent() && same(daemon, before.get(), prepared)
                ? new DaemonAction(daemon, "none", 0)
                : refresh(daemon, before, prepared));
      }
      return actions;
    } catch (DaemonRefusal e) {
      before.ifPresent(old -> takeBack(old, prepared, actions, e.daemon()));
      throw e;
    }
  }

  private List<DaemonAction> awaitFirstStart() throws DaemonRefusal {
    var begin = System.nanoTime();
    if (!supervisor.awaitReady(Duration.ofSeconds(60))) {
      for (var status : supervisor.status()) {
        if (!status.ready()) {
          throw new DaemonRefusal(status.name(), status.state().label() + ": " + status.detail());
        }
      }
    }
    var millis = millisSince(begin);
    return DAEMONS.stream().map(name -> new DaemonAction(name, "started", millis)).toList();
  }

  private void check(Path prepared) throws DaemonRefusal {
    check(
        MailDaemons.POSTFIX,
        List.of("/usr/sbin/postfix", "-c", prepared.resolve("postfix").toString(), "check"));
    check(
        MailDaemons.DOVECOT,
        List.of(
            "/usr/bin/doveconf", "-n", "-c", prepared.resolve("dovecot/dovecot.conf").toString()));
  }

  private static void check(String daemon, List<String> command) throws DaemonRefusal {
    var result = Commands.run(command, CHECK);
    if (!result.succeeded()) {
      var words = result.output();
      throw new DaemonRefusal(daemon, words.substring(Math.max(0, words.length() - 1000)));
    }
  }

  private DaemonAction refresh(String daemon, java.util.Optional<Path> before, Path prepared)
      throws DaemonRefusal {
    var begin = System.nanoTime();
    if (daemon.equals(MailDaemons.POLICY) && reloadPolicy()) {
      return new DaemonAction(daemon, "reloaded", millisSince(begin));
    }
    var restart =
        daemon.equals(MailDaemons.POLICY)
            || (daemon.equals(MailDaemons.POSTFIX)
                && (before.isEmpty() || !sameInterfaces(before.get(), prepared)));
    try {
      (restart ? supervisor.restart(daemon) : supervisor.reload(daemon))
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      var words =
          e.getCause() instanceof ProcessFailure failure
              ? String.valueOf(failure.getMessage())
              : "was not ready within 30 s";
      throw new DaemonRefusal(daemon, words);
    }
    return new DaemonAction(daemon, restart ? "restarted" : "reloaded", millisSince(begin));
  }

  private void takeBack(Path old, Path refused, List<DaemonAction> done, String refusing) {
    rollout.switchTo(old);
    Rollout.discard(refused);
    var touched = new ArrayList<>(List.of(refusing));
    done.stream().filter(a -> !a.action().equals("none")).forEach(a -> touched.add(a.name()));
    for (var daemon : touched) {
      try {
        refresh(daemon, java.util.Optional.of(old), old);
      } catch (DaemonRefusal e) {
        log.error("{} does not take the former configuration either: {}", daemon, e.getMessage());
      }
    }
  }

  private boolean reloadPolicy() {
    try {
      var connection =
          (HttpURLConnection)
              MailDaemons.policyControl(settings, "/reload").toURL().openConnection();
      connection.setRequestMethod("POST");
      connection.setConnectTimeout(2000);
      connection.setReadTimeout(5000);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  /** Compares a daemon's files, but for the numbered folder's own path in them. */
  private static boolean same(String daemon, Path one, Path other) {
    return contents(daemon, one).equals(contents(daemon, other));
  }

  private static java.util.Map<String, String> contents(String daemon, Path folder) {
    var contents = new TreeMap<String, String>();
    var own = folder.resolve(daemon);
    try (var walk = Files.walk(own)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        contents.put(
            own.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1).replace(own.toString(), ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + own, e);
    }
    return contents;
  }

  /** Postfix takes up other addresses to listen on only when it is started (postconf(5)). */
  private static boolean sameInterfaces(Path one, Path other) {
    return interfaces(one).equals(interfaces(other));
  }

  private static List<String> interfaces(Path folder) {
    try {
      return Files.readAllLines(folder.resolve("postfix/main.cf")).stream()
          .filter(line -> line.startsWith("inet_"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
