package dev.postbus.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.policy.TestClock;
import dev.postbus.policy.TestSettings;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.count.EnumCounter;
import dev.postbus.policy.dict.DictSession;
import dev.postbus.policy.net.LineReader;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.push.Notifier;
import dev.postbus.policy.push.PushOutcome;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.testing.MadeKey;
import dev.postbus.testing.PushServer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** METADATA over its real socket, in Dovecot's words, with a real notification server behind. */
class MetadataDictTest {
  private static final String ALICE = "alice1234@relay.test";
  private static final String HELLO = "H3\t2\t0\t\tmetadata\n";
  private static final String TOKEN_KEY = "priv/43f5f508a7ea0366dff30200c15250e3/devicetoken";
  private static final String NEW_KEY = "priv/43f5f508a7ea0366dff30200c15250e3/messagenew";
  private static final String SERVER =
      "shared/43f5f508a7ea0366dff30200c15250e3/vendor/vendor.dovecot/pvt/server/vendor/deltachat/";

  private static MadeKey key;

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private PushServer push;
  private volatile PolicySettings settings;
  private Notifier notifier;
  private Listener listener;

  @BeforeAll
  static void makeKey(@TempDir Path keys) throws Exception {
    key = MadeKey.in(keys.resolve("key.p12"), "localhost");
  }

  @BeforeEach
  void listen() throws Exception {
    push = PushServer.start(folder, key);
    settings = settings("https://relay.test");
    var accounts =
        new Accounts(() -> settings, TestSettings.invites(folder), clock, new AccountCounters());
    accounts.findOrCreate(ALICE, "password1");
    var tokens = new DeviceTokens(accounts, clock);
    notifier =
        Notifier.start(
            () -> settings.notifications(),
            tokens::remove,
            clock,
            new EnumCounter<>(PushOutcome.class));
    var dict = new MetadataDict(tokens, notifier, () -> settings, clock);
    listener =
        Listener.onSocket(
            settings.metadata().socket(), "metadata", c -> DictSession.serve(c, dict));
  }

  @AfterEach
  void close() {
    listener.close();
    notifier.close();
    push.close();
  }

  @Test
  void everyTokenThatIsSetIsGivenBack() throws IOException {
    assertThat(lookup(TOKEN_KEY)).isEqualTo("O\n");

    assertThat(set(TOKEN_KEY, "openpgp:abc+/=")).isEqualTo("O1\n");
    assertThat(set(TOKEN_KEY, "fcm-chat.delta:xyz")).isEqualTo("O1\n");
    assertThat(set(TOKEN_KEY, "openpgp:abc+/=")).isEqualTo("O1\n");

    assertThat(lookup(TOKEN_KEY)).isEqualTo("Oopenpgp:abc+/= fcm-chat.delta:xyz\n");
  }

  @Test
  void aTokenIsForgottenAfterNinetyDays() throws IOException {
    set(TOKEN_KEY, "old");
    clock.pass(Duration.ofDays(89));
    set(TOKEN_KEY, "new");
    assertThat(lookup(TOKEN_KEY)).isEqualTo("Oold new\n");

    clock.pass(Duration.ofDays(1));

    assertThat(lookup(TOKEN_KEY)).isEqualTo("Onew\n");
  }

  @Test
  void unsettingRemovesAllTokens() throws IOException {
    set(TOKEN_KEY, "a");
    set(TOKEN_KEY, "b");

    assertThat(say("B1\t" + ALICE + "\nU1\t" + TOKEN_KEY + "\nC1\n")).isEqualTo("O1\n");

    assertThat(lookup(TOKEN_KEY)).isEqualTo("O\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "new\u0001nline", "ümlaut", "del\u007f"})
  void whatCannotBeATokenIsRefused(String token) throws IOException {
    assertThat(set(TOKEN_KEY, token)).startsWith("F1\ta device token is 1 to 2048 printable");
    assertThat(folder.resolve(ALICE).resolve("metadata.json")).doesNotExist();
  }

  @Test
  void aTokenMayBeLongButNotTooLong() throws IOException {
    assertThat(set(TOKEN_KEY, "x".repeat(2048))).isEqualTo("O1\n");
    assertThat(set(TOKEN_KEY, "x".repeat(2049))).startsWith("F1\t");
  }

  @Test
  void thirtyOfTheLongestTokensFitIntoOneAnswer() throws IOException {
    for (int i = 100; i < 140; i++) {
      clock.pass(Duration.ofSeconds(1));
      set(TOKEN_KEY, i + "x".repeat(2045));
    }

    var answer = lookup(TOKEN_KEY);

    // Dovecot's dict client reads lines of up to 64 KiB.
    assertThat(answer.length()).isBetween(30 * 2048, 64 * 1024);
    assertThat(answer).startsWith("O110x").contains(" 139x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "priv/guid/other",
        "priv/guid/devicetoken/below",
        "shared/guid/devicetoken",
        "shared/guid/vendor/vendor.dovecot/pvt/server/vendor/deltachat/irohrelay",
        "shared/guid/vendor/vendor.dovecot/pvt/server/admin",
        "devicetoken",
        ""
      })
  void nothingElseCanBeSetOrUnset(String key) throws IOException {
    assertThat(set(key, "v")).startsWith("F1\tof metadata only");
    assertThat(say("B1\t" + ALICE + "\nU1\t" + key + "\nC1\n")).startsWith("F1\tof metadata only");
    if (!key.endsWith("irohrelay")) {
      assertThat(lookup(key)).isEqualTo("N\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nobody123@relay.test", "alice1234@other.test", "../x@relay.test"})
  void nobodyElseGetsAFile(String user) throws IOException {
    assertThat(say("B1\t" + user + "\nS1\t" + TOKEN_KEY + "\tt\nC1\n"))
        .isEqualTo("F1\tno such account\n");
    assertThat(say("L" + TOKEN_KEY + "\t" + user + "\n")).isEqualTo("O\n");
    assertThat(say("B1\t" + user + "\nS1\t" + NEW_KEY + "\t\nC1\n")).isEqualTo("O1\n");
  }

  @Test
  void aTransactionIsForOneUserAndMayBeRolledBack() throws IOException {
    assertThat(
            say(
                "B1\t%s\nB2\t%s\nS1\t%s\ta\nS2\t%s\tb\nR1\nC2\n"
                    .formatted(ALICE, ALICE, TOKEN_KEY, TOKEN_KEY)))
        .isEqualTo("O2\n");
    assertThat(lookup(TOKEN_KEY)).isEqualTo("Ob\n");
    assertThat(say("B1\t" + ALICE + "\nR1\nC1\n")).isEqualTo("F1\tno such transaction\n");
    assertThat(say("B1\t" + ALICE + "\nA1\tpriv/guid/count\t1\nC1\n"))
        .isEqualTo("F1\ta change that is not understood\n");
    assertThat(say("B1\t" + ALICE + "\nS1\t" + TOKEN_KEY + "\tc\nT1\t1700000000\t0\nD1\n"))
        .isEqualTo("AO1\n");
    assertThat(lookup(TOKEN_KEY)).isEqualTo("Ob c\n");
  }

  @Test
  void aTransactionOfTooManyChangesIsRefusedWhole() throws IOException {
    var changes = ("S1\t" + TOKEN_KEY + "\tt\n").repeat(101);

    assertThat(say("B1\t" + ALICE + "\n" + changes + "C1\n")).startsWith("F1\tmore than 100");
    assertThat(lookup(TOKEN_KEY)).isEqualTo("O\n");
  }

  @Test
  void sessionsAtOnceLoseNoToken() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 25)
              .<Callable<String>>mapToObj(i -> () -> set(TOKEN_KEY, "t" + i))
              .toList();
      for (var one : pool.invokeAll(all)) {
        assertThat(one.get()).isEqualTo("O1\n");
      }
    }

    assertThat(lookup(TOKEN_KEY).substring(1).strip().split(" ")).hasSize(25);
  }

  @Test
  void aDamagedFileIsNoHindrance() throws IOException {
    Files.writeString(folder.resolve(ALICE).resolve("metadata.json"), "{\"devicetoken\": ");

    assertThat(lookup(TOKEN_KEY)).isEqualTo("O\n");
    assertThat(set(TOKEN_KEY, "t")).isEqualTo("O1\n");
    assertThat(lookup(TOKEN_KEY)).isEqualTo("Ot\n");
  }

  @Test
  void newMailWakesUpEveryDeviceAndForgetsTheOnesThatAreGone() throws IOException {
    set(TOKEN_KEY, "a");
    set(TOKEN_KEY, "b");
    push.answers(PushServer.Answer.status(410));

    assertThat(set(NEW_KEY, "")).isEqualTo("O1\n");

    await().untilAsserted(() -> assertThat(push.posted()).containsExactlyInAnyOrder("a", "b"));
    await().untilAsserted(() -> assertThat(lookup(TOKEN_KEY)).hasSize(3));
  }

  @Test
  void theSharedKeysAreAnswered() throws IOException {
    assertThat(lookup(SERVER + "irohrelay")).isEqualTo("Ohttps://relay.test\n");
    assertThat(lookup(SERVER + "maxsmtprecipients")).isEqualTo("O1000\n");
    assertThat(lookup(SERVER + "other")).isEqualTo("N\n");
    assertThat(lookup(SERVER.replace("/vendor/deltachat/", "/admin"))).isEqualTo("N\n");
  }

  @Test
  void withoutAnIrohRelayNoneIsNamed() throws IOException {
    settings = settings("");

    assertThat(lookup(SERVER + "irohrelay")).isEqualTo("N\n");
  }

  @Test
  void turnCredentialsHoldForFiveDaysAndFitTheServersSecret() throws Exception {
    assertThat(lookup(SERVER + "turn")).isEqualTo("N\n");
    Files.writeString(folder.resolve("turn-secret"), "north\n");

    var answer = lookup(SERVER + "turn");

    var user = Long.toString(clock.instant().plus(Duration.ofDays(5)).getEpochSecond());
    var mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec("north".getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
    var password =
        Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(StandardCharsets.US_ASCII)));
    assertThat(answer).isEqualTo("Orelay.test:3478:" + user + ":" + password + "\n");
  }

  @Test
  void anEmptySecretIsAnErrorAndNoSecret() throws IOException {
    Files.writeString(folder.resolve("turn-secret"), "\n");

    assertThat(lookup(SERVER + "turn")).isEqualTo("Finternal error\n");
  }

  @Test
  void appVersionsAreOneLineOfWhatTheFileSays() throws IOException {
    var file = folder.resolve("appversions.json");
    assertThat(lookup(SERVER + "appversions")).isEqualTo("N\n");

    Files.writeString(file, "{\n  \"clients\": [\n    {\"clientId\": \"délta\"}\n  ]\n}\n");
    assertThat(lookup(SERVER + "appversions"))
        .isEqualTo("O{\"clients\":[{\"clientId\":\"d\\u00E9lta\"}]}\n");

    Files.writeString(file, "{\"clients\": ");
    assertThat(lookup(SERVER + "appversions")).isEqualTo("N\n");
    Files.writeString(file, "{\"a\": \"" + "x".repeat(8192) + "\"}");
    assertThat(lookup(SERVER + "appversions")).isEqualTo("N\n");
    Files.delete(file);
    assertThat(lookup(SERVER + "appversions")).isEqualTo("N\n");
  }

  private PolicySettings settings(String irohRelay) {
    var push =
        new PolicySettings.Notifications(
            folder.resolve("notifications"), this.push.url(), this.push.certificate().toString());
    return TestSettings.in(folder, irohRelay, push);
  }

  private String lookup(String key) throws IOException {
    return say("L" + key + "\t" + ALICE + "\n");
  }

  private String set(String key, String value) throws IOException {
    return say("B1\t" + ALICE + "\nS1\t" + key + "\t" + value + "\nC1\n");
  }

  private String say(String question) throws IOException {
    try (var connection =
        SocketChannel.open(UnixDomainSocketAddress.of(settings.metadata().socket()))) {
      Channels.newOutputStream(connection)
          .write((HELLO + question).getBytes(StandardCharsets.UTF_8));
      return new LineReader(Channels.newInputStream(connection), 1 << 20).line();
    }
  }
}
