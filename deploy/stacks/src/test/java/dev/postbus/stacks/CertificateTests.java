package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.Target;
import dev.postbus.bench.certs.Handshakes;
import dev.postbus.bench.certs.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates that are brought along, and that somebody else keeps. */
interface CertificateTests extends RelayTests {
  @Test
  default void anImportedCertificateIsServedEverywhereAndOneThatDoesNotFitIsNot() throws Exception {
    var pair = pair("import");

    var imported =
        cli().run("cert", "import", pair.certificate().toString(), pair.key().toString());

    assertThat(imported.exitCode()).as(imported.output()).isZero();
    var fingerprint = Cli.JSON.readTree(cli().run("cert", "show", "--json").output());
    var applied =
        cli().events("--type", "cert-applied").stream()
            .map(event -> event.path("data"))
            .filter(data -> data.path("fingerprint").equals(fingerprint.path("fingerprint")))
            .toList();
    assertThat(applied)
        .extracting(data -> data.path("port").asInt() - offset())
        .containsExactlyInAnyOrder(25, 465, 587, 143, 993, 443);
    assertThat(applied).allMatch(data -> data.path("afterMillis").isIntegralNumber());
    for (var port : List.of(465, 993, 443)) {
      assertThat(served(port)).isEqualTo(fingerprint.path("fingerprint").asText());
    }

    var other = pair("other");
    var refused =
        cli().run("cert", "import", pair.certificate().toString(), other.key().toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("does not fit");
    assertThat(served(993)).isEqualTo(fingerprint.path("fingerprint").asText());
  }

  @Test
  default void aCertificateThatSomebodyElseKeepsIsServedEverywhereWhileSessionsGoOn()
      throws Exception {
    var keys = new KeyBytes();
    var said = new ArrayList<String>();
    var listeners = Listener.of(Target.withOffset("127.0.0.1", offset(), LocalRelay.DOMAIN));
    var alice = relay().newUser();
    var bob = relay().newUser();
    try (var manager = ForeignManager.of(cli(), LocalRelay.DOMAIN);
        var handshakes = Handshakes.with(listeners, Duration.ofMillis(50))) {
      // Given a relay that took what it found there, a client in IDLE, and clients who come
      keys.add(manager.first().key());
      handshakes.await(manager.first().fingerprint(), LocalRelay.LONG);
      try (var imap = bob.idle()) {
        // When it is replaced, also by one with an Ed25519 key and by one that is not for us
        for (var algorithm : List.of("EC -pkeyopt ec_paramgen_curve:P-256", "ED25519")) {
          var next = manager.maker().pair(LocalRelay.DOMAIN, algorithm, 90);
          keys.add(next.key());
          manager.kept().replace(next);
          handshakes.await(next.fingerprint(), LocalRelay.LONG);
        }
        var served = handshakes.latest().values().iterator().next().fingerprint();
        var wrong = manager.maker().pair("other.test");
        keys.add(wrong.key());
        manager.kept().replace(wrong);
        await()
            .atMost(LocalRelay.LONG)
            .until(
                () ->
                    cli().events("--type", "cert-issue-failed").stream()
                        .anyMatch(
                            e -> e.toString().contains("does not cover " + LocalRelay.DOMAIN)));

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
      said.add(cli().run("status").output());
      assertThat(said.getLast()).contains("cert-service: the certificate in", "is not taken");
      var work = Files.createDirectory(relay().folder().resolve("said"));
      var certificate = Files.writeString(work.resolve("c"), manager.first().chain());
      var key = Files.copy(manager.kept().key(), work.resolve("k"));
      said.add(cli().run("cert", "import", certificate.toString(), key.toString()).output());
      assertThat(said.getLast()).contains("the certificate is taken from");
      said.add(cli().run("cert", "show", "--json").output());
      assertThat(said.getLast()).contains("most browsers");
    }

    // And no key byte is in any answer, event, log or file but the store's own
    said.add(cli().run("events", "--json").output());
    for (var answer : said) {
      assertThat(keys.in("an answer", answer)).isEmpty();
    }
    var state = relay().folder().resolve("state");
    var store = state.resolve("certs/generations");
    assertThat(keys.inFiles(state, List.of(store, state.resolve("app")))).isEmpty();
    assertThat(keys.inFiles(store, List.of())).as("what is looked for can be found").isNotEmpty();
  }

  record Pair(Path certificate, Path key) {}

  private Pair pair(String name) throws Exception {
    var pair =
        new Pair(relay().folder().resolve(name + ".pem"), relay().folder().resolve(name + ".key"));
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
                    "subjectAltName=DNS:" + LocalRelay.DOMAIN,
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

  private String served(int port) throws Exception {
    try (var tls = MailUser.tls(port + offset())) {
      var leaf = tls.getSession().getPeerCertificates()[0].getEncoded();
      var sha = java.security.MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(leaf));
    }
  }
}
