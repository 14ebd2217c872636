package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real coturn. */
class TurnFolderTest {
  private static final int POLICY = 5000;
  private static final int TURN = 5012;

  @TempDir Path folder;

  @Test
  void theSecretIsMadeOnceAndEachFileHasOneReader() throws Exception {
    var turn = new TurnFolder(folder, POLICY);
    turn.prepare("_turn.localhost", TURN);
    var secret = Files.readString(turn.secret());

    turn.prepare("_turn.localhost", TURN);

    assertThat(Files.readString(turn.secret())).isEqualTo(secret).hasSize(64);
    assertThat(Files.getAttribute(turn.secret(), "unix:uid")).isEqualTo(POLICY);
    assertThat(Files.getAttribute(turn.settings(), "unix:uid")).isEqualTo(TURN);
    for (var file : List.of(turn.secret(), turn.settings())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void coturnLetsThoseInWhoHaveCredentialsOfTheSecretAndNobodyIntoThisHost() throws Exception {
    var turn = new TurnFolder(folder, POLICY);
    turn.prepare("_turn.localhost", TURN);
    var port = FreePort.any();
    var server = start(turn.settings(), port);
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> allocate(port, credentials(turn)).contains("Received relay addr"));

      assertThat(allocate(port, credentials(turn))).contains("error 403 (Forbidden IP)");
      assertThat(allocate(port, new String[] {"1", "guessed"}))
          .contains("allocate response received")
          .doesNotContain("Received relay addr");
    } finally {
      server.destroy();
      server.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private Process start(Path settings, int port) throws IOException {
    return new ProcessBuilder(
            "/usr/bin/turnserver",
            "-c",
            settings.toString(),
            "--listening-port=" + port,
            "--listening-ip=127.0.0.1",
            "--relay-ip=127.0.0.1",
            "--allow-loopback-peers=false",
            "--userdb=" + folder.resolve("turndb"),
            "--pidfile=" + folder.resolve("pid"))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("coturn.out").toFile())
        .start();
  }

  /** As mail-policy makes them. */
  private static String[] credentials(TurnFolder turn) throws Exception {
    var user = Long.toString(Instant.now().plusSeconds(600).getEpochSecond());
    var mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(Files.readAllBytes(turn.secret()), "HmacSHA1"));
    return new String[] {
      user,
      Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(StandardCharsets.US_ASCII)))
    };
  }

  private String allocate(int port, String[] credentials) throws Exception {
    var output = folder.resolve("client.out");
    var client =
        new ProcessBuilder(
                "/usr/bin/turnutils_uclient",
                "-v",
                "-u",
                credentials[0],
                "-w",
                credentials[1],
                "-p",
                "" + port,
                "-n",
                "1",
                "-e",
                "127.0.0.1",
                "127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!client.waitFor(10, TimeUnit.SECONDS)) {
      client.destroyForcibly();
    }
    return Files.readString(output);
  }
}
