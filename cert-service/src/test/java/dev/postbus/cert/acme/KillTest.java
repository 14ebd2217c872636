package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.CertificateStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Killed at any point of an order, a keeper goes on with it: there is never a second one. Unless
 * the authority looked for the proof while the process was dead: that has ended the first, for
 * good.
 */
class KillTest extends AcmeFixture {
  private static final int ROUNDS = Integer.getInteger("acme.kills.rounds", 2);
  // From a process's start, on a slow or a fast machine, to beyond its last word.
  private static final int LONGEST_MILLIS = 2000;

  @Test
  void oneNeedIsOneOrderHoweverOftenTheProcessIsKilled() throws Exception {
    responder.close();
    var seed = System.nanoTime();
    var random = new Random(seed);
    var kills = 0;
    try (var proxy = faulty()) {
      for (int round = 0; round < ROUNDS; round++) {
        var here = Files.createDirectory(folder.resolve("round-" + round));
        var before = proxy.orders().size() - proxy.refused();
        var there = false;
        for (int run = 0; !there; run++) {
          var patience = run < 3 ? 500 + random.nextInt(LONGEST_MILLIS) : 60_000;
          there = run(here, proxy, patience);
          kills += there ? 0 : 1;
        }
        var stored = new CertificateStore(here.resolve("certs")).live().orElseThrow();
        assertThat(CertificateCheck.problems(stored, NAMES, Clock.systemUTC())).isEmpty();
        assertThat(proxy.orders().size() - proxy.refused() - before)
            .as("round %d, seed %d:\n%s", round, seed, Files.readString(here.resolve("log")))
            .isEqualTo(1);
        assertThat(here.resolve("acme").toFile().list()).contains("budget.json");
        Files.writeString(
            Path.of("target/acme-kills.txt"),
            "%d needs, %d kills, %d orders ended by a proof that was looked for meanwhile%n"
                .formatted(round + 1, kills, proxy.refused()));
      }
    }
    responder = HttpResponder.start(servers.httpPort(), tokens);
  }

  @Test
  void aProofThatIsLookedForWhileItIsDeadEndsTheOrderAndIsCounted() throws Exception {
    responder.close();
    try (var proxy = faulty()) {
      var here = Files.createDirectory(folder.resolve("dead"));
      var process = start(here, proxy);
      proxy.atProof(() -> process.destroyForcibly().onExit().join());
      process.waitFor();
      assertThat(proxy.orders()).hasSize(1);

      assertThat(run(here, proxy, 60_000)).isFalse();

      assertThat(proxy.orders()).hasSize(1);
      assertThat(proxy.refused()).isEqualTo(1);
    }
    responder = HttpResponder.start(servers.httpPort(), tokens);
  }

  private boolean run(Path here, FaultyCa proxy, int patience) throws Exception {
    var process = start(here, proxy);
    if (!process.waitFor(Duration.ofMillis(patience))) {
      process.destroyForcibly().waitFor();
    }
    return Files.readString(here.resolve("log"), StandardCharsets.UTF_8).contains("there\n");
  }

  private Process start(Path here, FaultyCa proxy) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                KilledKeeper.class.getName(),
                here.toString(),
                servers.broker().bootstrap(),
                proxy.directory().toString(),
                proxy.trust().toString(),
                "" + servers.dns().port(),
                "" + servers.httpPort()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(here.resolve("log").toFile()))
        .start();
  }
}
