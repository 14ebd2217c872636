package dev.postbus.policy.dict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.net.LineReader;
import dev.postbus.policy.net.Listener;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dict servers over their real sockets, spoken to as Dovecot does. */
class DictSessionTest {
  private static final String HELLO = "H3\t2\t0\t\tauth\n";

  @TempDir Path folder;
  private Accounts accounts;
  private Listener auth;
  private Listener lastLogin;

  @BeforeEach
  void listen() throws IOException {
    var settings = TestSettings.in(folder, 1);
    accounts =
        new Accounts(
            () -> settings, TestSettings.invites(folder), Clock.systemUTC(), new AccountCounters());
    var dict = new AccountDict(accounts, () -> settings);
    var logins = new LastLoginDict(accounts);
    auth =
        Listener.onSocket(settings.sockets().doveauth(), "dict", c -> DictSession.serve(c, dict));
    lastLogin =
        Listener.onSocket(
            settings.sockets().lastlogin(), "lastlogin", c -> DictSession.serve(c, logins));
  }

  @AfterEach
  void close() {
    auth.close();
    lastLogin.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simple-password",
        "with/slash/es",
        "with\"quote\"s",
        "with\\back\\slash",
        "it's quoted",
        "with\ttabs and \n ends",
        "äöü€€€€€€",
        "passdb/x\"y@relay.test"
      })
  void aPasswordOfAnyLettersMakesAnAccountThatIsFoundAgain(String password) throws IOException {
    var answer =
        ask("doveauth", lookup("shared/passdb/" + escaped(password) + "\"alice1234@relay.test"));

    assertThat(answer).startsWith("O{").contains("{SHA512-CRYPT}", "alice1234@relay.test");
    assertThat(ask("doveauth", lookup("shared/userdb/alice1234@relay.test")))
        .contains("\"uid\":\"5000\"", "\"home\":\"" + folder.resolve("alice1234@relay.test"));
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    assertThat(ask("doveauth", lookup("shared/userdb/nobody123@relay.test"))).isEqualTo("N\n");
    assertThat(ask("doveauth", lookup("shared/passdb/short\"alice1234@relay.test")))
        .isEqualTo("N\n");
    assertThat(ask("doveauth", lookup("shared/passdb/no-separator"))).isEqualTo("N\n");
    assertThat(ask("doveauth", lookup("priv/other"))).isEqualTo("N\n");
  }

  @Test
  void allAccountsCanBeListed() throws IOException {
    accounts.findOrCreate("alice1234@relay.test", "password1");

    try (var connection = connect("doveauth")) {
      say(connection, HELLO + "I0\t0\tshared/userdb/\t\n");
      var lines = new LineReader(Channels.newInputStream(connection), 1000);
      assertThat(lines.line()).isEqualTo("Oshared/userdb/alice1234@relay.test\t\n");
      assertThat(lines.line()).isEqualTo("\n");
    }
  }

  @Test
  void aLoginIsTakenInATransaction() throws IOException {
    accounts.findOrCreate("alice1234@relay.test", "password1");
    var file = folder.resolve("alice1234@relay.test/password");
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));

    var answer =
        ask(
            "lastlogin",
            "B7\talice1234@relay.test\n"
                + "S7\tshared/last-login/alice1234@relay.test\t1700000000\n"
                + "C7\n");

    assertThat(answer).isEqualTo("O7\n");
    assertThat(Files.getLastModifiedTime(file).toMillis()).isPositive();
  }

  @Test
  void aTransactionThatWasNotBegunFails() throws IOException {
    assertThat(ask("lastlogin", "C9\n")).isEqualTo("F9\tno such transaction\n");
  }

  @Test
  void aLineEndInANameDoesNotBreakTheAnswer() throws IOException {
    assertThat(ask("lastlogin", "C1\u0001n2\n")).isEqualTo("F1\u0001n2\tno such transaction\n");
  }

  private String ask(String socket, String question) throws IOException {
    try (var connection = connect(socket)) {
      say(connection, HELLO + question);
      return new LineReader(Channels.newInputStream(connection), 10_000).line();
    }
  }

  private SocketChannel connect(String socket) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(socket)));
  }

  private static void say(SocketChannel connection, String text) throws IOException {
    Channels.newOutputStream(connection).write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String lookup(String key) {
    return "L" + DictText.escapeTabs(key) + "\tsomebody\n";
  }

  /** What Dovecot's %E does. */
  private static String escaped(String text) {
    return text.replaceAll("([\\\\\"'])", "\\\\$1");
  }
}
