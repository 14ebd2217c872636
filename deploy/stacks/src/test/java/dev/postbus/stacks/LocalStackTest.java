package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.client.j2se.BufferedImageLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.postbus.bench.Target;
import dev.postbus.bench.certs.Handshakes;
import dev.postbus.bench.certs.Listener;
import dev.postbus.bench.mail.AnyTls;
import dev.postbus.cli.machine.PortHolders;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole relay through the operator's command: real services, real broker, real daemons. It lies
 * in a folder that only root may enter, as a checkout in root's home does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LocalStackTest {
  static final Duration LONG = Duration.ofSeconds(40);
  private static final Random RANDOM = new SecureRandom();
  static final String DOMAIN = "_relay.localhost";
  static final String PASSWORD = "password1";

  static int offset;
  static Cli cli;

  private final Shape shape;
  private Path folder;

  LocalStackTest(Shape shape) {
    this.shape = shape;
  }

  @BeforeAll
  void up() throws Exception {
    var closed = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    folder = Files.createTempDirectory("postbus-", closed);
    offset = freeOffset(10_000);
    cli = stack("state");
    var up = up(cli, offset);
    assertThat(up.exitCode()).as(up.output()).isZero();
    assertThat(up.output()).contains(DOMAIN + " is ready");
  }

  @AfterAll
  void down() throws Exception {
    if (cli != null) {
      cli.run("down");
    }
    remove(folder);
  }

  static void remove(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Test
  void theStatusListsEverythingWithWhatIsInForce() throws Exception {
    var status = cli.status();

    assertThat(status.path("ready").asBoolean()).isTrue();
    assertThat(status.path("services"))
        .extracting(s -> s.path("name").asText())
        .containsExactly(
            "broker", "config-service", "cert-service", "mail-supervisor", "web-service");
    for (var service : status.path("services")) {
      assertThat(service.path("pid").asLong()).isPositive();
      assertThat(service.path("since").asText()).isNotEmpty();
      assertThat(service.path("restarts").isInt()).isTrue();
      if (!service.path("processes").isEmpty()) {
        assertThat(service.path("configVersion").asLong()).isPositive();
        assertThat(service.path("certFingerprint").asText()).hasSize(64);
      }
    }
  }

  @Test
  void theFirstLoginMakesAnAccountAndSettlesItsPassword() throws Exception {
    var name = name(9);

    assertThat(user(name, PASSWORD).canLogIn()).isTrue();
    assertThat(user(name, "password2").canLogIn()).isFalse();
    assertThat(user(name, PASSWORD).canLogIn()).isTrue();
    assertThat(user(name(9), "passwor8").canLogIn()).isFalse();
    assertThat(user(name(8), PASSWORD).canLogIn()).isFalse();
  }

  @Test
  void twentyFirstLoginsAtOnceMakeOneAccount() throws Exception {
    var name = name(9);
    List<Callable<Boolean>> logins =
        IntStream.range(0, 20)
            .<Callable<Boolean>>mapToObj(i -> () -> user(name, "password-" + i).canLogIn())
            .toList();

    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var successes = 0;
      for (var login : pool.invokeAll(logins)) {
        successes += login.get() ? 1 : 0;
      }
      assertThat(successes).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {465, 587})
  void anEncryptedMessageArrivesWhileTheReceiverIsInIdle(int port) throws Exception {
    var alice = newUser();
    var bob = newUser();
    try (var imap = bob.imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      imap.hearUntil("s OK");
      imap.say("i IDLE");
      imap.hearUntil("+ idling");

      var message = Messages.encrypted(alice.address(), bob.address());
      assertThat(alice.send(port, alice.address(), bob.address(), message)).startsWith("250");

      imap.hearUntil("* 1 EXISTS");
      imap.say("DONE");
      imap.hearUntil("i OK");
      imap.say("f FETCH 1 BODY[]");
      var arrived = String.join("\n", imap.hearUntil("f OK"));
      assertThat(arrived)
          .contains("Subject: [...]", "-----BEGIN PGP MESSAGE-----")
          .doesNotContain("Received:", "User-Agent:", "what it is about");
    }
  }

  @Test
  void whatIsNotAllowedIsRefused() throws Exception {
    var alice = newUser();
    var bob = newUser();
    var clear = Messages.clear(alice.address());
    var foreign = Messages.encrypted(bob.address(), bob.address());
    var good = Messages.encrypted(alice.address(), bob.address());

    assertThat(alice.send(465, alice.address(), bob.address(), clear)).startsWith("523");
    assertThat(alice.send(465, alice.address(), bob.address(), foreign)).startsWith("500");
    assertThat(alice.send(465, bob.address(), alice.address(), good)).startsWith("553");
  }

  @Test
  void thePageShowsACodeThatCreatesAnAccount() throws Exception {
    var page = https("GET", "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(new String(page.body(), StandardCharsets.UTF_8)).contains("/account", DOMAIN);
    assertThat(scanned()).isEqualTo("DCACCOUNT:https://_relay.localhost/new");

    var shown = new String(https("POST", "/account").body(), StandardCharsets.UTF_8);
    var made = Pattern.compile("href=\"dclogin:([^?]+)\\?p=([^&]+)&").matcher(shown);
    assertThat(made.find()).as(shown).isTrue();
    assertThat(new MailUser(made.group(1), made.group(2), offset).canLogIn()).isTrue();

    var account = Cli.JSON.readTree(https("POST", "/new").body());
    var login =
        new MailUser(account.path("email").asText(), account.path("password").asText(), offset);
    assertThat(login.canLogIn()).isTrue();
  }

  @Test
  void whereInvitationsAreNeededOneGivesOneAccount() throws Exception {
    // Given a relay that is not open to everybody any more
    var before = newUser();
    assertThat(cli.run("config", "set", "registration", "invite").exitCode()).isZero();
    try {
      assertThat(user(name(9), PASSWORD).canLogIn()).isFalse();
      assertThat(before.canLogIn()).isTrue();
      assertThat(https("POST", "/new").statusCode()).isEqualTo(403);

      // When somebody is invited
      var created =
          Cli.JSON.readTree(
              cli.run("invite", "create", "--note", "Bob", "--expires", "1d", "--json").output());
      var link = created.path("link").asText();
      assertThat(link).startsWith("DCACCOUNT:https://" + DOMAIN + "/new?invite=");
      var path = link.substring(link.indexOf("/new"));
      var page = https("GET", created.path("page").asText().replaceFirst("https://[^/]+", ""));
      assertThat(new String(page.body(), StandardCharsets.UTF_8))
          .contains("You are invited", "value=\"" + path.replaceFirst(".*=", "") + "\"");

      // Then there is one account for it, and no second one
      var account = Cli.JSON.readTree(https("POST", path).body());
      var invited =
          new MailUser(account.path("email").asText(), account.path("password").asText(), offset);
      assertThat(invited.canLogIn()).isTrue();
      var again = https("POST", path);
      assertThat(again.statusCode()).isEqualTo(403);
      assertThat(Cli.JSON.readTree(again.body()).path("reason").asText()).contains("used up");
      var id = created.at("/invite/id").asText();
      assertThat(cli.run("invite", "list").output()).containsPattern(id + " +0 +0 +1 .* Bob");
      assertThat(cli.run("invite", "revoke", id).output()).contains(id + " revoked");
      assertThat(invited.canLogIn()).isTrue();

      // And many at once get what there is
      var many = Cli.JSON.readTree(cli.run("invite", "create", "--uses", "10", "--json").output());
      var ten = many.path("link").asText().replaceFirst(".*/new", "/new");
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var answers =
            threads.invokeAll(
                IntStream.range(0, 12)
                    .mapToObj(i -> (Callable<Integer>) () -> https("POST", ten).statusCode())
                    .toList());
        assertThat(answers).filteredOn(answer -> answer.resultNow() == 200).hasSize(10);
        assertThat(answers).filteredOn(answer -> answer.resultNow() == 403).hasSize(2);
      }

      // And where it is closed, nobody new comes in
      assertThat(cli.run("config", "set", "registration", "closed").exitCode()).isZero();
      assertThat(https("POST", "/new").statusCode()).isEqualTo(403);
      assertThat(user(name(9), PASSWORD).canLogIn()).isFalse();
      assertThat(invited.canLogIn()).isTrue();
    } finally {
      cli.run("config", "unset", "registration");
    }
    newUser();
  }

  private static String scanned() throws Exception {
    var image = ImageIO.read(new ByteArrayInputStream(https("GET", "/qr.png").body()));
    return new QRCodeReader()
        .decode(new BinaryBitmap(new HybridBinarizer(new BufferedImageLuminanceSource(image))))
        .getText();
  }

  /**
   * What Delta Chat makes of the code on the page: it asks there for an account, here at the
   * stack's own port and address, as the code names the relay that it would be elsewhere.
   */
  static String codeForThisMachine() throws Exception {
    var page = URI.create(scanned().replace("DCACCOUNT:", ""));
    assertThat(page.getHost() == null ? page.getAuthority() : page.getHost()).isEqualTo(DOMAIN);
    var account = Cli.JSON.readTree(https("POST", page.getPath()).body());
    return account.path("dclogin_url").asText() + "&ih=127.0.0.1&sh=127.0.0.1";
  }

  @Test
  void ownPagesAreThereAtOnceAndWrongOnesLeaveThoseOfBefore() throws Exception {
    // When a page is laid down beside the shipped ones, then it is served
    var source = Files.createDirectories(folder.resolve("state/custom/www/src"));
    var index = Files.writeString(source.resolve("index.md"), "# Ours\n\nAt {mail_domain}. {qr}\n");
    await().atMost(LONG).until(() -> page().contains("<h1>Ours</h1>"));

    // When it becomes wrong, then that is said with file and line, and the page stays
    Files.writeString(index, "# Ours\n\n{no_such_value}\n");
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(cli.run("status").output())
                    .contains("index.md line 3", "{no_such_value}"));
    assertThat(page()).contains("<h1>Ours</h1>");

    // When it is gone, then the shipped one is back
    Files.delete(index);
    await().atMost(LONG).until(() -> page().contains("Chat without giving your number"));
    assertThat(cli.run("status").output()).doesNotContain("no_such_value");
  }

  private static String page() throws Exception {
    return new String(https("GET", "/").body(), StandardCharsets.UTF_8);
  }

  @Test
  void theWebPortSpeaksMailToThoseWhoAskForIt() throws Exception {
    try (var imap = new MailUser.Conversation(MailUser.tls(443 + offset, "imap"));
        var smtp = new MailUser.Conversation(MailUser.tls(443 + offset, "smtp"))) {
      assertThat(imap.hear()).startsWith("* OK");
      assertThat(smtp.hear()).startsWith("220 ");
    }
  }

  @Test
  void aChangeOfTheConfigurationIsAppliedAndAWrongOneIsNot() throws Exception {
    var size = 10_000_000 + RANDOM.nextInt(1_000_000);

    var set = cli.run("config", "set", "max_message_size", "" + size);

    assertThat(set.exitCode()).as(set.output()).isZero();
    assertThat(set.output())
        .containsPattern("version \\d+")
        .containsPattern("applied by mail-supervisor after \\d+ ms")
        .containsPattern("applied by web-service after \\d+ ms");
    try (var smtp = new MailUser.Conversation(MailUser.tls(465 + offset))) {
      smtp.reply();
      smtp.say("EHLO client.invalid");
      assertThat(smtp.hearUntil("250 ")).contains("250-SIZE " + size);
    }

    var before = cli.run("config", "show").output();
    var wrong = cli.run("config", "set", "max_mesage_size", "5");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.output()).contains("max_mesage_size", "max_message_size");
    assertThat(cli.run("config", "show").output()).isEqualTo(before);

    var huge = Files.write(folder.resolve("huge.ini"), new byte[20 << 20]);
    var judged = cli.run("config", "validate", huge.toString());
    assertThat(judged.exitCode()).isEqualTo(1);
    assertThat(judged.output()).contains("larger than 1 MiB");
  }

  @Test
  void changesCanBeTriedComparedAndGoneBackFrom() throws Exception {
    // Given a value
    assertThat(cli.run("config", "set", "privacy_postal", "One Street").exitCode()).isZero();
    var before = version();

    // When another one is only tried, then it is said what would happen, and nothing does
    var tried = cli.run("config", "set", "--dry-run", "privacy_postal", "Two Street");
    assertThat(tried.exitCode()).as(tried.output()).isZero();
    assertThat(tried.output())
        .contains("privacy_postal: One Street -> Two Street")
        .contains("web-service: nginx reloaded")
        .contains("mail-supervisor: nothing", "Nothing was changed.");
    assertThat(version()).isEqualTo(before);
    var ports =
        cli.run("config", "set", "--dry-run", "filtermail_smtp_port", "" + (11_080 + offset));
    assertThat(ports.output()).contains("mail-policy restarted", "postfix reloaded");

    // When it is set for a reason, then the version says so, and who came too late is told
    var set =
        cli.run(
            "config",
            "set",
            "privacy_postal=Two Street",
            "--reason",
            "we moved",
            "--if-version",
            "" + before);
    assertThat(set.exitCode()).as(set.output()).isZero();
    assertThat(set.output()).contains("applied by web-service after").contains("nginx reloaded");
    var late = cli.run("config", "set", "privacy_postal", "Three", "--if-version", "" + before);
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.output())
        .contains(
            "the version in force is " + (before + 1), "not " + before, "Nothing was changed");

    // When it is gone back from, then what was before is in force everywhere
    var back = cli.run("config", "rollback", "" + before, "--reason", "we came back");
    assertThat(back.exitCode()).as(back.output()).isZero();
    assertThat(back.output())
        .contains("version " + (before + 2), "privacy_postal: Two Street -> One Street")
        .contains("applied by web-service after");
    assertThat(cli.run("config", "diff", "" + before, "" + (before + 2)).output())
        .contains("say the same");
    assertThat(cli.run("config", "history", "--limit", "2").output())
        .contains("we moved", "we came back", "api:", "applied by mail-supervisor");
    assertThat(cli.run("config", "show", "--origin").output())
        .containsPattern("privacy_postal +One Street +operator +ini \"\", default \"\"");
  }

  @Test
  void aChangeThatADaemonCannotTakeIsGoneBackFromWithItsWords() throws Exception {
    var before = version();
    var inForce = cli.run("config", "get", "filtermail_smtp_port").output();
    var taken = 11_333;
    try (var somebody = new ServerSocket(taken + offset, 1, InetAddress.getLoopbackAddress())) {
      // Given a port that somebody else has, which no checker of files can know

      // When it is set, then mail-policy's words are shown
      var set = cli.run("config", "set", "filtermail_smtp_port", "" + taken);
      assertThat(set.exitCode()).as(set.output()).isEqualTo(1);
      assertThat(set.output())
          .contains("rejected by mail-supervisor: mail-policy says:")
          .contains("port " + somebody.getLocalPort() + " on loopback: Address already in use")
          .contains("version " + (before + 2) + " puts what was before in force again");
    }

    // And what was before is in force, and serves
    assertThat(cli.run("config", "get", "filtermail_smtp_port").output()).isEqualTo(inForce);
    assertThat(cli.run("config", "history", "--limit", "1").output()).contains("rejection");
    await().atMost(LONG).until(() -> cli.run("status").exitCode() == 0);
  }

  private static long version() throws Exception {
    return Cli.JSON.readTree(cli.run("config", "show", "--json").output()).path("version").asLong();
  }

  @Test
  void aClientInIdleIsNotDisturbedByChanges() throws Exception {
    // Given a client in IDLE
    var alice = newUser();
    var bob = newUser();
    try (var imap = bob.imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      imap.hearUntil("s OK");
      imap.say("i IDLE");
      imap.hearUntil("+ idling");

      // When dovecot reloads for a change of the configuration and for a new certificate
      assertThat(cli.run("config", "set", "max_mailbox_size", "400M").exitCode()).isZero();
      assertThat(cli.run("cert", "renew", "--force").exitCode()).isZero();

      // Then the same connection hears of the next message
      var message = Messages.encrypted(alice.address(), bob.address());
      assertThat(alice.send(465, alice.address(), bob.address(), message)).startsWith("250");
      imap.hearUntil("* 1 EXISTS");
      imap.say("DONE");
      imap.hearUntil("i OK");
    }
  }

  @Test
  void anImportedCertificateIsServedEverywhereAndOneThatDoesNotFitIsNot() throws Exception {
    var pair = pair("import");

    var imported = cli.run("cert", "import", pair.certificate().toString(), pair.key().toString());

    assertThat(imported.exitCode()).as(imported.output()).isZero();
    var fingerprint = Cli.JSON.readTree(cli.run("cert", "show", "--json").output());
    var applied =
        cli.events("--type", "cert-applied").stream()
            .map(event -> event.path("data"))
            .filter(data -> data.path("fingerprint").equals(fingerprint.path("fingerprint")))
            .toList();
    assertThat(applied)
        .extracting(data -> data.path("port").asInt() - offset)
        .containsExactlyInAnyOrder(25, 465, 587, 143, 993, 443);
    assertThat(applied).allMatch(data -> data.path("afterMillis").isIntegralNumber());
    for (var port : List.of(465, 993, 443)) {
      assertThat(served(port)).isEqualTo(fingerprint.path("fingerprint").asText());
    }

    var other = pair("other");
    var refused = cli.run("cert", "import", pair.certificate().toString(), other.key().toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("does not fit");
    assertThat(served(993)).isEqualTo(fingerprint.path("fingerprint").asText());
  }

  @Test
  void aCertificateThatSomebodyElseKeepsIsServedEverywhereWhileSessionsGoOn() throws Exception {
    var keys = new KeyBytes();
    var said = new ArrayList<String>();
    var listeners = Listener.of(Target.withOffset("127.0.0.1", offset, DOMAIN));
    var alice = newUser();
    var bob = newUser();
    try (var manager = ForeignManager.of(cli, DOMAIN);
        var handshakes = Handshakes.with(listeners, Duration.ofMillis(50))) {
      // Given a relay that took what it found there, a client in IDLE, and clients who come
      keys.add(manager.first().key());
      handshakes.await(manager.first().fingerprint(), LONG);
      try (var imap = bob.imap()) {
        imap.hearUntil("l OK");
        imap.say("s SELECT INBOX");
        imap.hearUntil("s OK");
        imap.say("i IDLE");
        imap.hearUntil("+ idling");

        // When it is replaced, also by one with an Ed25519 key and by one that is not for us
        for (var algorithm : List.of("EC -pkeyopt ec_paramgen_curve:P-256", "ED25519")) {
          var next = manager.maker().pair(DOMAIN, algorithm, 90);
          keys.add(next.key());
          manager.kept().replace(next);
          handshakes.await(next.fingerprint(), LONG);
        }
        var served = handshakes.latest().values().iterator().next().fingerprint();
        var wrong = manager.maker().pair("other.test");
        keys.add(wrong.key());
        manager.kept().replace(wrong);
        await()
            .atMost(LONG)
            .until(
                () ->
                    cli.events("--type", "cert-issue-failed").stream()
                        .anyMatch(e -> e.toString().contains("does not cover " + DOMAIN)));

        // Then what ran goes on, no handshake failed, and the client hears of the next message
        assertThat(handshakes.allServe(served)).isTrue();
        assertThat(handshakes.failures()).isEmpty();
        assertThat(
                alice.send(
                    465,
                    alice.address(),
                    bob.address(),
                    Messages.encrypted(alice.address(), bob.address())))
            .startsWith("250");
        imap.hearUntil("* 1 EXISTS");
      }
      said.add(cli.run("status").output());
      assertThat(said.getLast()).contains("cert-service: the certificate in", "is not taken");
      var work = Files.createDirectory(folder.resolve("said"));
      var certificate = Files.writeString(work.resolve("c"), manager.first().chain());
      var key = Files.copy(manager.kept().key(), work.resolve("k"));
      said.add(cli.run("cert", "import", certificate.toString(), key.toString()).output());
      assertThat(said.getLast()).contains("the certificate is taken from");
      said.add(cli.run("cert", "show", "--json").output());
      assertThat(said.getLast()).contains("most browsers");
    }

    // And no key byte is in any answer, event, log or file but the store's own
    said.add(cli.run("events", "--json").output());
    for (var answer : said) {
      assertThat(keys.in("an answer", answer)).isEmpty();
    }
    var state = folder.resolve("state");
    var store = state.resolve("certs/generations");
    assertThat(keys.inFiles(state, List.of(store, state.resolve("app")))).isEmpty();
    assertThat(keys.inFiles(store, List.of())).as("what is looked for can be found").isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dovecot",
        "opendkim",
        "unbound",
        "postfix",
        "nginx",
        "mail-policy",
        "config-service",
        "cert-service",
        "web-service",
        "mail-supervisor",
        "broker"
      })
  void whatIsKilledComesBackAndTheEventsSaySo(String name) throws Exception {
    var pid = cli.pidOf(name);
    Runtime.getRuntime().exec(new String[] {"/bin/kill", "-9", "" + pid}).waitFor();

    await()
        .atMost(LONG)
        .until(() -> cli.status().path("ready").asBoolean() && cli.pidOf(name) != pid);
    assertThat(newUser().canLogIn()).isTrue();
    assertThat(https("GET", "/").statusCode()).isEqualTo(200);
    await()
        .atMost(LONG)
        .until(
            () ->
                cli.events("--type", "process-exited").stream()
                    .anyMatch(e -> isEndOf(e, shape.processOf(name), pid)));
  }

  @Test
  void theKeyThatMailIsSignedWithIsToldOnce() throws Exception {
    var announced = cli.events("--type", "dkim-key-changed");
    var port = new StackPorts(offset, shape).mail();

    assertThat(announced).hasSize(1);
    var data = announced.getFirst().path("data");
    assertThat(data.path("domain").asText()).isEqualTo(DOMAIN);
    assertThat(data.path("txt").asText()).startsWith("v=DKIM1;k=rsa;p=").endsWith(";s=email;t=s");
    try (var in = URI.create("http://127.0.0.1:" + port + "/mail/dkim").toURL().openStream()) {
      var shown = Cli.JSON.readTree(in);
      assertThat(shown.path("name").asText()).isEqualTo("opendkim._domainkey." + DOMAIN);
      assertThat(shown.path("txt")).isEqualTo(data.path("txt"));
      assertThat(shown.path("fingerprint")).isEqualTo(data.path("fingerprint"));
    }
  }

  @Test
  void allMetricsAreToldInOnePlace() throws Exception {
    var page = URI.create("http://127.0.0.1:" + (9105 + offset) + "/metrics").toURL();

    try (var in = page.openStream()) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
          .contains(
              "postbus_supervisor_up 1.0",
              "postbus_dovecot_up 1.0",
              "postbus_daemon_ready{daemon=\"unbound\"} 1.0")
          .anyMatch(line -> line.startsWith("postbus_postfix_timeouts_total "))
          .noneMatch(line -> line.contains("@"));
    }
  }

  private static boolean isEndOf(JsonNode event, String name, long pid) {
    var data = event.path("data");
    return data.path("process").asText().equals(name)
        && data.path("pid").asLong() == pid
        && !data.path("expected").asBoolean();
  }

  @Test
  void theDoctorFindsNothingWrongWithIt() throws Exception {
    var result = cli.run("doctor", "--json", "--mail-server", "127.0.0.1");

    assertThat(result.exitCode()).as(result.output()).isZero();
    var said = Cli.JSON.readTree(result.output());
    for (var check : List.of("java", "packages", "ports", "clock", "rights", "state")) {
      assertThat(DoctorCommandTest.level(said, check)).as(result.output()).isEqualTo("ok");
    }
    assertThat(result.output()).containsPattern("the relay holds \\d+ of its \\d+ ports");
  }

  @Test
  void aSecondUpSaysThatItRuns() throws Exception {
    var again = cli.run("up", "--detach");

    assertThat(again.exitCode()).isZero();
    assertThat(again.output()).contains("is running already", DOMAIN + " is ready");
  }

  @Test
  void aTakenPortIsNamedWithItsHolder() throws Exception {
    var other = stack("clash");

    var clash = other.run("up", "--detach", "--port-offset", "" + offset);

    assertThat(clash.exitCode()).isEqualTo(1);
    assertThat(clash.output())
        .containsPattern(
            "port " + (25 + offset) + " \\(SMTP\\) is taken by process \\d+ \\(master\\)");
  }

  @Test
  void aStackComesBackAsItWasBesideAnotherOne() throws Exception {
    // Given a second stack beside the first, with an account and a changed configuration
    var second = stack("second");
    var secondOffset = freeOffset(16_000);
    var up = up(second, secondOffset);
    assertThat(up.exitCode()).as(up.output()).isZero();
    var user = new MailUser(name(9) + "@" + DOMAIN, PASSWORD, secondOffset);
    assertThat(user.canLogIn()).isTrue();
    assertThat(
            user.send(
                465,
                user.address(),
                user.address(),
                Messages.encrypted(user.address(), user.address())))
        .startsWith("250");
    second.run("config", "set", "delete_mails_after", "33");
    var certificate = second.run("cert", "show").output();
    var events = second.events().size();
    var pids = processesOf(second.status());

    // When it is stopped and started again
    assertThat(second.run("down").exitCode()).isZero();
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(second.run("up", "--detach").exitCode()).isZero();

    // Then everything is there, and the first one never noticed
    assertThat(user.canLogIn()).isTrue();
    assertThat(new MailUser(user.address(), "password2", secondOffset).canLogIn()).isFalse();
    try (var imap = user.imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      assertThat(imap.hearUntil("s OK")).contains("* 1 EXISTS");
    }
    assertThat(second.run("config", "get", "delete_mails_after").output().strip()).isEqualTo("33");
    assertThat(second.run("cert", "show").output()).isEqualTo(certificate);
    assertThat(second.events("--type", "cert-changed")).hasSize(1);
    assertThat(second.events().size()).isGreaterThan(events);
    assertThat(second.run("down").exitCode()).isZero();
    assertThat(cli.status().path("ready").asBoolean()).isTrue();
  }

  @Test
  void withoutATerminalItRunsUntilItIsStopped() throws Exception {
    // Given a stack whose command stays, with its output in a pipe
    var open = stack("open");
    var openOffset = "" + freeOffset(19_000);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var up =
          pool.submit(() -> open.run("up", "--shape", shape.label(), "--port-offset", openOffset));
      await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(() -> open.status().path("ready").asBoolean());

      // When it is stopped
      var down = open.run("down");

      // Then it was there until then, and its command says that it has ended
      assertThat(down.output()).contains("Stopped.");
      assertThat(up.get().output())
          .contains(DOMAIN + " is ready", "Ctrl-C ends it.", "the stack has ended")
          .doesNotContain("unexpected");
    }
  }

  static boolean reachable(MailUser user) {
    try {
      return user.canLogIn();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static List<Long> processesOf(JsonNode status) {
    return ProcessHandle.of(status.path("pid").asLong())
        .orElseThrow()
        .descendants()
        .map(ProcessHandle::pid)
        .toList();
  }

  private record Pair(Path certificate, Path key) {}

  private Pair pair(String name) throws Exception {
    var pair = new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
    var openssl =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-days",
                    "30",
                    "-subj",
                    "/CN=test",
                    "-addext",
                    "subjectAltName=DNS:" + DOMAIN,
                    "-keyout",
                    pair.key().toString(),
                    "-out",
                    pair.certificate().toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(openssl.waitFor()).isZero();
    return pair;
  }

  private static String served(int port) throws Exception {
    try (var tls = MailUser.tls(port + offset)) {
      var leaf = tls.getSession().getPeerCertificates()[0].getEncoded();
      var sha = java.security.MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(leaf));
    }
  }

  private static HttpResponse<byte[]> https(String method, String path) throws Exception {
    try (var client = HttpClient.newBuilder().sslContext(AnyTls.newContext()).build()) {
      var request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + (443 + offset) + path))
              .timeout(Duration.ofSeconds(20))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static MailUser newUser() throws IOException {
    var user = user(name(9), PASSWORD);
    assertThat(user.canLogIn()).isTrue();
    return user;
  }

  static MailUser user(String name, String password) {
    return new MailUser(name + "@" + DOMAIN, password, offset);
  }

  static String name(int length) {
    return RANDOM
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  static int freeOffset(int from) {
    for (int candidate = from; candidate < 22_000; candidate += 7) {
      var ports = new StackPorts(candidate, Shape.SEPARATE).all();
      if (ports.values().stream().allMatch(PortHolders::free)) {
        return candidate;
      }
    }
    throw new IllegalStateException("no free range of ports");
  }

  static Path checkout() {
    return Path.of("../..").toAbsolutePath().normalize();
  }

  /** A stack's command, on a state folder of its own. */
  Cli stack(String name) {
    return new Cli(checkout(), folder.resolve(name));
  }

  Cli.Result up(Cli stack, int portOffset) throws Exception {
    return stack.run("up", "--detach", "--shape", shape.label(), "--port-offset", "" + portOffset);
  }
}
