package dev.postbus.policy.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.net.Listener;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the real socket, called as Dovecot's quota plugin calls it. */
class QuotaWarningsTest {
  private static final String ALICE = "alice1234@relay.test";

  @TempDir Path folder;
  private QuotaWarnings warnings;
  private Listener listener;
  private Path oldest;

  @BeforeEach
  void listen() throws IOException {
    var settings = TestSettings.in(folder, 1);
    var accounts =
        new Accounts(
            () -> settings, TestSettings.invites(folder), Clock.systemUTC(), new AccountCounters());
    warnings =
        new QuotaWarnings(
            accounts, new Expiry(() -> settings, Clock.systemUTC(), new ExpiryCounters()));
    listener = Listener.onSocket(settings.sockets().quotaWarning(), "warnings", warnings::serve);
    var alice = TestMailbox.with(folder, ALICE, Instant.now(), 0);
    oldest =
        alice.message("cur", alice.name(Duration.ofDays(9), 1, 300_000), 10, Duration.ofDays(9));
    alice.message("cur", alice.name(Duration.ofDays(8), 2, 600_000), 10, Duration.ofDays(8));
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void aWarningBringsTheMailboxDown() throws IOException {
    call("VERSION\tscript\t4\t0\nnoreply\n" + ALICE + "\n\n");

    await().until(() -> warnings.counters().runs() == 1);
    assertThat(oldest).doesNotExist();
    assertThat(folder.resolve(ALICE).resolve("maildirsize")).doesNotExist();
    assertThat(warnings.counters()).isEqualTo(new QuotaWarnings.Counters(1, 1, 10));
  }

  @Test
  void whoeverWaitsForAnAnswerGetsOne() throws IOException {
    assertThat(call("VERSION\tscript\t4\t0\nenv_A=b\n-\n" + ALICE + "\n\n")).isEqualTo("+\n");
    await().until(() -> warnings.counters().mails() == 1);
  }

  @Test
  void whatIsNoWarningOrNotOursDoesNothing() throws IOException {
    call("VERSION\tscript\t4\t0\nnoreply\n../" + ALICE + "\n\n");
    call("VERSION\tscript\t4\t0\nnoreply\nalice1234@other.test\n\n");
    call("VERSION\tscript\t4\t0\nnoreply\n\n");
    call("GET / HTTP/1.1\r\n\r\n");
    // One that does something ends the row, as they are taken one after another.
    call("VERSION\tscript\t4\t0\nnoreply\nnobody123@relay.test\n\n");

    await().until(() -> warnings.counters().runs() == 1);
    assertThat(warnings.counters().mails()).isZero();
    assertThat(Files.exists(oldest)).isTrue();
  }

  private String call(String text) throws IOException {
    var socket = TestSettings.in(folder, 1).sockets().quotaWarning();
    try (var connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      Channels.newOutputStream(connection).write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(
          Channels.newInputStream(connection).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
