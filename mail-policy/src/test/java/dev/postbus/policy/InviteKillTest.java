package dev.postbus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.policy.settings.Registration;
import dev.postbus.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process is killed with signal 9 while uses of invitations are taken. Whoever was
 * promised one logs in afterwards, and nobody was promised one twice.
 */
class InviteKillTest {
  private static final int CLAIMERS = 4;
  private static final int USES = 3;
  private static final String PASSWORD = "password-that-is-long";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final int port = FreePort.any();
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final Map<String, List<String>> promised = new ConcurrentHashMap<>();
  private Process process;

  @AfterEach
  void end() {
    enough.set(true);
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void noPromiseIsLostAndNoneIsMadeTwice() throws Exception {
    var rounds = Integer.getInteger("kills.rounds", 6);
    var random = new Random(4711);
    JSON.writeValue(folder.resolve("policy.json").toFile(), settings());
    start();
    var tokens = new ConcurrentLinkedQueue<String>();
    var claimers = new ArrayList<Thread>();
    for (int i = 0; i < CLAIMERS; i++) {
      claimers.add(Thread.ofVirtual().start(() -> claimAll(tokens)));
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 10; i++) {
        var made = ask("POST", "/invites", "{\"uses\":" + USES + "}").orElseThrow();
        assertThat(made.status()).isEqualTo(201);
        tokens.add(made.body().path("token").asText());
      }
      var more = names.get() + random.nextInt(20);
      await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(2))
          .until(() -> names.get() > more);
      TimeUnit.MICROSECONDS.sleep(random.nextInt(5000));
      process.destroyForcibly().waitFor();
      start();
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> promised.size() == tokens.size() && settled(tokens.size()));
    enough.set(true);
    for (var claimer : claimers) {
      claimer.join();
    }

    for (var addresses : promised.values()) {
      assertThat(addresses).hasSizeLessThanOrEqualTo(USES);
      for (var address : addresses) {
        assertThat(logsIn(address)).as(address).isTrue();
      }
    }
    assertThat(logsIn("nobody123@relay.test")).isFalse();
    assertThat(promised).hasSize(rounds * 10);
  }

  /** Whether nothing is left to be claimed. */
  private boolean settled(int invitations) throws IOException {
    var listed = ask("GET", "/invites", "").orElseThrow().body().path("invites");
    assertThat(listed).hasSize(invitations);
    for (var invite : listed) {
      if (invite.path("left").asInt() > 0) {
        return false;
      }
    }
    return true;
  }

  private void claimAll(ConcurrentLinkedQueue<String> tokens) {
    while (!enough.get()) {
      for (var token : tokens) {
        claim(token);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void claim(String token) {
    var address = "user%05d@relay.test".formatted(names.incrementAndGet());
    var body =
        "{\"token\":\"%s\",\"address\":\"%s\",\"proof\":\"%s\"}"
            .formatted(token, address, sha256(PASSWORD));
    try {
      var answer = ask("POST", "/invites/claim", body);
      if (answer.isPresent() && answer.get().status() == 200) {
        promised.computeIfAbsent(token, none -> new CopyOnWriteArrayList<>()).add(address);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As Dovecot asks at a login. */
  private boolean logsIn(String address) throws IOException {
    try (var connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connection.connect(UnixDomainSocketAddress.of(folder.resolve("doveauth")));
      var question =
          "H2\t0\t0\t\tauth\nLshared/passdb/%s\"%s\t%s\n".formatted(PASSWORD, address, address);
      Channels.newOutputStream(connection).write(question.getBytes(StandardCharsets.US_ASCII));
      var in = new BufferedReader(Channels.newReader(connection, StandardCharsets.US_ASCII));
      return in.readLine().startsWith("O");
    }
  }

  private record Answer(int status, JsonNode body) {}

  /** Empty while the process is not there. */
  private Optional<Answer> ask(String method, String path, String body) throws IOException {
    var connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setRequestMethod(method);
    try {
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      }
      var status = connection.getResponseCode();
      try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return Optional.of(new Answer(status, JSON.readTree(in)));
      }
    } catch (IOException away) {
      LockSupport.parkNanos(5_000_000);
      return Optional.empty();
    }
  }

  private PolicySettings settings() {
    var settings = TestSettings.with(Registration.INVITE, folder);
    return TestSettings.with(
        settings,
        settings.limits(),
        new PolicySettings.Filter(FreePort.any(), 1),
        new PolicySettings.Filter(FreePort.any(), 1),
        port);
  }

  private void start() throws IOException {
    process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                folder.resolve("policy.json").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    await().atMost(Duration.ofMinutes(1)).until(() -> ask("GET", "/invites", "").isPresent());
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
