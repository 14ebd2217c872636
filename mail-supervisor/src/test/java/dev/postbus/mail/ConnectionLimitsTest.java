package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.bench.mail.Conversation;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How many may come at once, and what the next one is told, by the real daemons. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionLimitsTest {
  private static final String DOMAIN = "relay.test";
  private static final String WELCOME = "220 relay.test ESMTP";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int MOST_SMTP = 10;
  private static final int OF_ONE_CLIENT = 2;
  private static final int MOST_IMAP = 101;
  private static final int OF_ONE_USER = 100;
  private static final int MOST_RECIPIENTS = 1000;

  private final List<AutoCloseable> open = new ArrayList<>();
  private RemoteServer remote;
  private RunningMail relay;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    remote = RemoteServer.start(folder.resolve("remote"));
    relay =
        RunningMail.prepare(
            Map.of(
                "mail_domain", DOMAIN,
                "max_smtp_connections", "" + MOST_SMTP,
                "max_imap_connections", "" + MOST_IMAP));
    relay.start(remote.mainCf() + "smtpd_error_sleep_time = 0\n");
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
    remote.close();
  }

  @AfterEach
  void hangUp() throws Exception {
    for (var connection : open) {
      connection.close();
    }
    open.clear();
  }

  @Test
  void oneClientHasAFifthOfAPortAndTheOthersTheRest() throws IOException {
    var ports = relay.settings().ports();
    for (var port : List.of(ports.smtp(), ports.submission(), ports.submissions())) {
      var first = connect("127.0.0.1", port);
      assertThat(hear(first)).isEqualTo(WELCOME);
      assertThat(hear(connect("127.0.0.1", port))).isEqualTo(WELCOME);
      assertThat(hear(connect("127.0.0.1", port)))
          .isEqualTo("421 4.7.0 relay.test Error: too many connections from 127.0.0.1");
      assertThat(hear(connect("127.0.0.2", port))).isEqualTo(WELCOME);

      first.close();
      await().atMost(LONG).until(() -> hear(connect("127.0.0.1", port)), WELCOME::equals);
    }
  }

  @Test
  void whoComesToAFullPortIsServedWhenSomebodyLeavesAndOtherPortsGoOn() throws IOException {
    var ports = relay.settings().ports();
    var first = connect("127.0.0.1", ports.submission());
    assertThat(hear(first)).isEqualTo(WELCOME);
    for (int i = 1; i < MOST_SMTP; i++) {
      var client = "127.0.0." + (1 + i / OF_ONE_CLIENT);
      assertThat(hear(connect(client, ports.submission()))).isEqualTo(WELCOME);
    }

    var next = connect("127.0.0.99", ports.submission());

    assertThat(hear(connect("127.0.0.99", ports.submissions()))).isEqualTo(WELCOME);
    assertThat(hear(connect("127.0.0.99", ports.smtp()))).isEqualTo(WELCOME);
    assertThat(next.getInputStream().available()).isZero();
    first.close();
    assertThat(hear(next)).isEqualTo(WELCOME);
  }

  @Test
  void oneUserHasAHundredSessionsAndAllHaveWhatIsConfigured() throws IOException {
    // Given as many sessions as one user may have
    var alice = Account.fresh(DOMAIN);
    var bob = Account.fresh(DOMAIN);
    var carol = Account.fresh(DOMAIN);
    for (var account : List.of(bob, carol)) {
      relay.imap(account).close();
    }
    Conversation first = null;
    for (int i = 0; i < OF_ONE_USER; i++) {
      var session = relay.imap(alice);
      open.add(session);
      first = first == null ? session : first;
    }

    // Then the next one of the same is refused, and one of another is not
    assertThat(logIn(alice))
        .isEqualTo(
            "a NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=100)");
    assertThat(logIn(bob)).startsWith("a OK");

    // When all places are taken, then the next waits in vain until one is free
    assertThatThrownBy(() -> logIn(carol)).isInstanceOf(EOFException.class);
    assertThat(relay.lines())
        .anyMatch(
            line ->
                line.endsWith(
                    "service(imap): process_limit (%d) reached, client connections are being dropped"
                        .formatted(MOST_IMAP)));
    first.close();
    await().atMost(LONG).ignoreExceptions().until(() -> logIn(carol).startsWith("a OK"));
  }

  @Test
  void aMessageGoesToAThousandRecipientsAndNotToOneMore() throws IOException {
    var alice = Account.fresh(DOMAIN);
    relay.imap(alice).close();
    try (var peer = SmtpPeer.of(alice, relay.settings().ports())) {
      peer.ask("MAIL FROM:<" + alice.address() + ">");
      for (int i = 0; i < MOST_RECIPIENTS; i++) {
        assertThat(peer.ask("RCPT TO:<to%d@other.test>".formatted(i))).isEqualTo("250 2.1.5 Ok");
      }
      assertThat(peer.ask("RCPT TO:<one-more@other.test>"))
          .isEqualTo("452 4.5.3 Error: too many recipients");
      peer.ask("DATA");
      assertThat(peer.ask(Letters.encrypted(alice.address(), "all@other.test") + "."))
          .startsWith("250 2.0.0 Ok");
    }

    await().atMost(LONG).until(() -> sentTo("other.test") == MOST_RECIPIENTS);
  }

  @Test
  void whoMakesNothingButMistakesIsSentAway() throws IOException {
    try (var peer = new SmtpPeer(relay.settings().ports().smtp())) {
      String answer;
      do {
        answer = peer.ask("HALLO");
      } while (answer.equals("500 5.5.2 Error: command not recognized"));
      assertThat(answer).isEqualTo("421 4.7.0 relay.test Error: too many errors");
    }
  }

  private long sentTo(String domain) {
    return relay.lines().stream()
        .filter(line -> line.contains("@" + domain + ">") && line.contains("status=sent"))
        .count();
  }

  private String logIn(Account account) throws IOException {
    var imap = Conversation.tls("127.0.0.1", relay.settings().ports().imaps());
    open.add(imap);
    imap.hear();
    return RunningMail.say(
            imap, "LOGIN \"%s\" \"%s\"".formatted(account.address(), account.password()))
        .getLast();
  }

  /** Connects from an address of this machine, over TLS where nothing else is spoken. */
  private Socket connect(String from, int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
    open.add(socket);
    if (port == relay.settings().ports().submissions()) {
      socket = AnyTls.over(socket);
      open.add(socket);
    }
    return socket;
  }

  private static String hear(Socket socket) throws IOException {
    socket.setSoTimeout((int) LONG.toMillis());
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }
}
