package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.deploy.local.StackPorts;
import java.net.URI;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail, and the pages beside it. */
interface MailTests extends RelayTests {
  @ParameterizedTest
  @ValueSource(ints = {465, 587})
  default void anEncryptedMessageArrivesWhileTheReceiverIsInIdle(int port) throws Exception {
    var alice = relay().newUser();
    var bob = relay().newUser();
    try (var imap = bob.idle()) {
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
  default void whatIsNotAllowedIsRefused() throws Exception {
    var alice = relay().newUser();
    var bob = relay().newUser();
    var clear = Messages.clear(alice.address());
    var foreign = Messages.encrypted(bob.address(), bob.address());
    var good = Messages.encrypted(alice.address(), bob.address());

    assertThat(alice.send(465, alice.address(), bob.address(), clear)).startsWith("523");
    assertThat(alice.send(465, alice.address(), bob.address(), foreign)).startsWith("500");
    assertThat(alice.send(465, bob.address(), alice.address(), good)).startsWith("553");
  }

  @Test
  default void theWebPortSpeaksMailToThoseWhoAskForIt() throws Exception {
    try (var imap = new MailUser.Conversation(MailUser.tls(443 + offset(), "imap"));
        var smtp = new MailUser.Conversation(MailUser.tls(443 + offset(), "smtp"))) {
      assertThat(imap.hear()).startsWith("* OK");
      assertThat(smtp.hear()).startsWith("220 ");
    }
  }

  @Test
  default void aClientInIdleIsNotDisturbedByChanges() throws Exception {
    // Given a client in IDLE
    var alice = relay().newUser();
    var bob = relay().newUser();
    try (var imap = bob.idle()) {
      // When dovecot reloads for a change of the configuration and for a new certificate
      assertThat(cli().run("config", "set", "max_mailbox_size", "400M").exitCode()).isZero();
      assertThat(cli().run("cert", "renew", "--force").exitCode()).isZero();

      // Then the same connection hears of the next message
      var message = Messages.encrypted(alice.address(), bob.address());
      assertThat(alice.send(465, alice.address(), bob.address(), message)).startsWith("250");
      imap.hearUntil("* 1 EXISTS");
      imap.say("DONE");
      imap.hearUntil("i OK");
    }
  }

  @Test
  default void theKeyThatMailIsSignedWithIsToldOnce() throws Exception {
    var announced = cli().events("--type", "dkim-key-changed");
    var port = new StackPorts(offset(), relay().shape()).mail();

    assertThat(announced).hasSize(1);
    var data = announced.getFirst().path("data");
    assertThat(data.path("domain").asText()).isEqualTo(LocalRelay.DOMAIN);
    assertThat(data.path("txt").asText()).startsWith("v=DKIM1;k=rsa;p=").endsWith(";s=email;t=s");
    try (var in = URI.create("http://127.0.0.1:" + port + "/mail/dkim").toURL().openStream()) {
      var shown = Cli.JSON.readTree(in);
      assertThat(shown.path("name").asText()).isEqualTo("opendkim._domainkey." + LocalRelay.DOMAIN);
      assertThat(shown.path("txt")).isEqualTo(data.path("txt"));
      assertThat(shown.path("fingerprint")).isEqualTo(data.path("fingerprint"));
    }
  }

  @Test
  default void ownPagesAreThereAtOnceAndWrongOnesLeaveThoseOfBefore() throws Exception {
    // When a page is laid down beside the shipped ones, then it is served
    var source = Files.createDirectories(relay().folder().resolve("state/custom/www/src"));
    var index = Files.writeString(source.resolve("index.md"), "# Ours\n\nAt {mail_domain}. {qr}\n");
    await().atMost(LocalRelay.LONG).until(() -> relay().page().contains("<h1>Ours</h1>"));

    // When it becomes wrong, then that is said with file and line, and the page stays
    Files.writeString(index, "# Ours\n\n{no_such_value}\n");
    await()
        .atMost(LocalRelay.LONG)
        .untilAsserted(
            () ->
                assertThat(cli().run("status").output())
                    .contains("index.md line 3", "{no_such_value}"));
    assertThat(relay().page()).contains("<h1>Ours</h1>");

    // When it is gone, then the shipped one is back
    Files.delete(index);
    await()
        .atMost(LocalRelay.LONG)
        .until(() -> relay().page().contains("Chat without giving your number"));
    assertThat(cli().run("status").output()).doesNotContain("no_such_value");
  }
}
