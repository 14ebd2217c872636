package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.Target;
import dev.postbus.bench.certs.Handshakes;
import dev.postbus.bench.certs.Listener;
import dev.postbus.bench.certs.MadePair;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay with a process a service. */
class SeparateStackTest extends LocalStackTest {
  private static final String THIRD_DOMAIN = "_third.localhost";

  SeparateStackTest() {
    super(Shape.SEPARATE, Map.of());
  }

  @Test
  void mailFlowsAndDaemonsComeBackWithoutTheBus(@TempDir Path work) throws Exception {
    // Given a third stack with a certificate that certbot keeps, for root alone, and all else that
    // an environment can say
    var certbot = Files.createTempDirectory("certbot-");
    var pair = new MadePair.Maker(work).pair(THIRD_DOMAIN);
    var kept = keptByCertbot(certbot, pair);
    var third = relay().stack("third");
    var ini = Files.createDirectories(third.state().resolve("config")).resolve("own.ini");
    Files.writeString(ini, "[params]\nmail_domain = old.example\ndelete_mails_after = 77\n");
    third = third.with(EveryVariable.of(THIRD_DOMAIN, ini, kept));
    var thirdOffset = LocalRelay.freeOffset(19_000);
    var up = relay().up(third, thirdOffset);
    assertThat(up.exitCode()).as(up.output()).isZero();
    for (var listener : Listener.of(Target.withOffset("127.0.0.1", thirdOffset, THIRD_DOMAIN))) {
      assertThat(MadePair.fingerprint(listener.handshake().getFirst()))
          .as(listener.name())
          .isEqualTo(pair.fingerprint());
    }
    everyVariableCounts(third, ini);
    // The environment has closed it, and Alice is new.
    assertThat(third.run("config", "set", "registration", "open").exitCode()).isZero();

    // And a broker that cannot start any more
    var alice =
        new MailUser(LocalRelay.name(9) + "@" + THIRD_DOMAIN, LocalRelay.PASSWORD, thirdOffset);
    var dovecot = third.pidOf("dovecot");
    var broker = third.pidOf("broker");
    signal("STOP", broker);

    // When dovecot is killed, then it comes back, and mail goes through
    signal("KILL", dovecot);
    var stack = third;
    await()
        .atMost(LocalRelay.LONG)
        .until(() -> stack.pidOf("dovecot") != dovecot && LocalRelay.reachable(alice));
    assertThat(
            alice.send(
                587,
                alice.address(),
                alice.address(),
                Messages.encrypted(alice.address(), alice.address())))
        .startsWith("250");
    // It would be waited for in vain before it is killed.
    signal("CONT", broker);
    assertThat(third.run("down").exitCode()).isZero();
    LocalRelay.remove(certbot);
  }

  private static void signal(String name, long pid) throws Exception {
    Runtime.getRuntime().exec(new String[] {"/bin/kill", "-" + name, "" + pid}).waitFor();
  }

  private static void everyVariableCounts(Cli stack, Path ini) throws Exception {
    var shown = Cli.JSON.readTree(stack.run("config", "show", "--json").output()).path("values");
    var written = Files.readString(ini);
    EveryVariable.KEYS.forEach(
        (key, value) -> {
          assertThat(shown.path(key).path("value").asText()).as(key).isEqualTo(value);
          assertThat(shown.path(key).path("layer").asText()).as(key).isEqualTo("environment");
          assertThat(written).contains(key + " = " + value + "\n");
        });
    assertThat(shown.path("mail_domain").path("value").asText()).isEqualTo(THIRD_DOMAIN);
    var notices =
        "(?s).*CHANGE_KERNEL_SETTINGS has no effect: .*./postbus doctor"
            + ".*DEBUG_COMMANDS_ENABLED has no effect: .*ENABLE_CERTS_MONITORING has no effect: "
            + ".*RECREATE_VENV has no effect: .*";
    assertThat(stack.run("logs", "config-service", "-n", "1000").output()).matches(notices);
  }

  private static Path keptByCertbot(Path folder, MadePair pair) throws IOException {
    var archive = Files.createDirectories(folder.resolve("archive").resolve(LocalRelay.DOMAIN));
    var live = Files.createDirectories(folder.resolve("live").resolve(LocalRelay.DOMAIN));
    for (var file : Map.of("fullchain", pair.chain(), "privkey", pair.key()).entrySet()) {
      var real = Files.writeString(archive.resolve(file.getKey() + "1.pem"), file.getValue());
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
      Files.createSymbolicLink(
          live.resolve(file.getKey() + ".pem"),
          Path.of("../../archive", LocalRelay.DOMAIN, file.getKey() + "1.pem"));
    }
    for (var one : List.of(folder.resolve("live"), folder.resolve("archive"))) {
      Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwx------"));
    }
    return live;
  }

  /** {@code ./postbus kills config} for more than a few rounds. */
  @Test
  void killsDuringChangesLeaveDiskLogAndDaemonsAgreed() throws Exception {
    var rounds = Integer.getInteger("kills.rounds", 2);
    var kills =
        new ConfigKills(
            cli(),
            new StackPorts(offset(), Shape.SEPARATE),
            Long.getLong("kills.seed", System.nanoTime()));

    for (int i = 0; i < rounds; i++) {
      kills.round();
    }

    Files.writeString(Path.of("target/kills-config.txt"), kills.counts());
    assertThat(kills.wrong()).isEmpty();
    await().atMost(LocalRelay.LONG).until(() -> cli().status().path("ready").asBoolean());
  }

  /** {@code -Dhistory.seed=N} repeats one, {@code -Dhistory.steps=N} makes it longer. */
  @Test
  void whatTheLogTellsIsWhatRunsAfterEachStepOfARandomHistory() throws Exception {
    var seed = Long.getLong("history.seed", System.nanoTime());
    var history = new RandomHistory(cli(), offset(), seed);
    try {
      // Given a history
      history.begin();
      for (int i = 0; i < Integer.getInteger("history.steps", 12); i++) {
        // When something happens to the relay, then the log tells what it is like now
        history.step();
      }

      // And it tells what it was like after each step
      history.compareWithTheLog();
    } catch (ConditionTimeoutException | AssertionError e) {
      throw new AssertionError("seed " + seed + ", after " + history.done(), e);
    }

    // And the operator's command says the same
    var some = history.moments().get(history.moments().size() / 2);
    var at =
        Cli.JSON.readTree(
            cli().run("audit", "replay", "--at", some.time().toString(), "--json").output());
    assertThat(at.at("/certificate/fingerprint").asText()).isEqualTo(some.view().fingerprint());
    assertThat(at.at("/services/mail-supervisor/processes/dovecot/pid").asLong())
        .isEqualTo(some.view().pidOf("mail-supervisor/dovecot"));
    var version = Long.toString(some.view().version());
    var then =
        Cli.JSON.readTree(cli().run("audit", "replay", "--version", version, "--json").output());
    var values = new TreeMap<String, String>();
    then.at("/configuration/values")
        .properties()
        .forEach(one -> values.put(one.getKey(), one.getValue().asText()));
    assertThat(values).isEqualTo(some.view().values());
    var whole = cli().run("audit", "verify");
    assertThat(whole.exitCode()).as(whole.output()).isZero();
  }

  /** {@code ./postbus kills certs} for more than a few rounds. */
  @Test
  void killsDuringReplacementsLeaveWholeCertificatesServed() throws Exception {
    var rounds = Integer.getInteger("kills.rounds", 4);
    var listeners = Listener.of(Target.withOffset("127.0.0.1", offset(), LocalRelay.DOMAIN));
    try (var manager = ForeignManager.of(cli(), LocalRelay.DOMAIN);
        var handshakes = Handshakes.with(listeners, Duration.ofMillis(30))) {
      handshakes.await(manager.first().fingerprint(), LocalRelay.LONG);
      var kills =
          new CertKills(
              cli().state(),
              manager,
              LocalRelay.DOMAIN,
              Long.getLong("kills.seed", System.nanoTime()));

      for (int i = 0; i < rounds; i++) {
        kills.round(handshakes);
        Files.writeString(Path.of("target/kills-certs.txt"), kills.counts(handshakes));
      }

      assertThat(kills.wrong(handshakes)).isEmpty();
    }
    await().atMost(LocalRelay.LONG).until(() -> cli().status().path("ready").asBoolean());
  }

  @Nested
  class WithTheConsole extends ConsoleTests {
    WithTheConsole() {
      super(relay());
    }
  }

  @Nested
  class WithPrometheus extends MonitoringTests {
    WithPrometheus() {
      super(relay());
    }
  }
}
