package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.testing.ChallengeDns;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.InTurn;
import dev.postbus.testing.Pebble;
import dev.postbus.testing.ZoneServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole relay with a domain that has its certificate from an authority: the real pebble. */
@ExtendWith(InTurn.class)
class AcmeStackTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final String DOMAIN = "relay.test";

  private Path folder;
  private ChallengeDns dns;
  private Pebble pebble;
  private int offset;

  @BeforeEach
  void startAuthority() throws Exception {
    // What the environment names in it has to be read by cert-service's user.
    var open = PosixFilePermissions.fromString("rwxr-xr-x");
    folder = Files.createTempDirectory("postbus-", PosixFilePermissions.asFileAttribute(open));
    Files.setPosixFilePermissions(folder, open);
    offset = LocalRelay.freeOffset(13_000);
    dns = ChallengeDns.start(folder);
    var ports = new Pebble.Options().httpPort(80 + offset).tlsPort(443 + offset);
    pebble = Pebble.start(folder, ports.dnsPort(dns.port()));
  }

  @AfterEach
  void removeAll() throws IOException {
    pebble.close();
    dns.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"together, http-01", "separate, tls-alpn-01"})
  void theAuthoritysCertificateIsServedEverywhere(String shape, String challenge) throws Exception {
    // Given a relay that asks it
    var cli =
        new Cli(
            LocalRelay.checkout(),
            folder.resolve("state"),
            Map.of(
                "POSTBUS_ACME_DIRECTORY",
                pebble.directory().toString(),
                "POSTBUS_ACME_TRUST",
                pebble.trust().toString(),
                "POSTBUS_ACME_RESOLVER",
                "127.0.0.1:" + dns.port(),
                "POSTBUS_ACME_CHALLENGE",
                challenge,
                "ACME_EMAIL",
                "admin@" + DOMAIN));
    var begin = System.nanoTime();
    var up =
        cli.run(
            "up", "--detach", "--domain", DOMAIN, "--shape", shape, "--port-offset", "" + offset);
    try {
      assertThat(up.exitCode()).as(up.output()).isZero();

      // Then its certificate is served on every port
      await().atMost(LONG).until(() -> served(465).equals(shown(cli)) && isByAcme(cli));
      for (var port : List.of(443, 993)) {
        await().atMost(LONG).until(() -> served(port).equals(shown(cli)));
      }
      await().atMost(LONG).until(() -> appliedPorts(cli, shown(cli)).size() == 6);
      var took = Duration.ofNanos(System.nanoTime() - begin);
      Files.writeString(
          Path.of("target/acme-%s.txt".formatted(shape)),
          "from up to served on all ports, with what the test asks in between: %s%n"
              .formatted(took));
      // When the next one is due it says once the whole order is done with.
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(cli.run("cert", "show").output())
                      .contains("acme", "Pebble Intermediate", "next renewal", "two thirds"));
      assertThat(cli.events("--type", "cert-order-begun"))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.path("data").path("challenge").asText()).isEqualTo(challenge);
                assertThat(event.path("data").path("names")).hasSize(3);
              });
      assertThat(cli.events("--type", "cert-issue-failed")).isEmpty();

      // When another is asked for before its time, then only by force
      var before = shown(cli);
      var early = cli.run("cert", "renew");
      assertThat(early.exitCode()).isEqualTo(1);
      assertThat(early.output()).contains("not due before", "--force");
      var forced = cli.run("cert", "renew", "--force");
      assertThat(forced.exitCode()).as(forced.output()).isZero();
      assertThat(forced.output()).contains("served on port");
      assertThat(shown(cli)).isNotEqualTo(before);
      assertThat(served(993)).isEqualTo(shown(cli));

      assertDnsIsPrintedAndChecked(cli);
      assertNoKeyIsElsewhere(cli);
    } finally {
      cli.run("down");
    }
  }

  /** No file but those of the keys, and no answer, holds a byte of a key in any usual form. */
  private void assertNoKeyIsElsewhere(Cli cli) throws Exception {
    var secrets = new ArrayList<String>();
    var said = new StringBuilder();
    try (var files = Files.walk(cli.state())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        var certs = file.startsWith(cli.state().resolve("certs"));
        if (certs && text.contains("-----BEGIN PRIVATE KEY-----")) {
          secrets.addAll(forms(text));
        } else {
          said.append(text);
        }
      }
    }
    var api = new StackPorts(offset, shapeOf(cli)).cert();
    for (var path :
        List.of("/cert", "/cert/status", "/q/health", "/.well-known/acme-challenge/x")) {
      said.append(Api.get(api, path).body());
    }
    said.append(cli.run("events", "--json").output());
    said.append(cli.run("cert", "show", "--json").output());

    // The account's, both certificates', and what keeps the chain beside its key.
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(3 * 4);
    assertThat(said).contains("cert-order-begun");
    for (var secret : secrets) {
      assertThat(said.indexOf(secret)).isNegative();
    }
  }

  private void assertDnsIsPrintedAndChecked(Cli cli) throws Exception {
    // Given a name server with what is printed, and the zone above
    var printed = cli.run("dns", "zone", "--ipv4", "192.0.2.1");
    assertThat(printed.exitCode()).as(printed.output()).isZero();
    var account = cli.events("--type", "acme-account-registered").getFirst().path("data");
    assertThat(printed.output())
        .containsPattern("relay.test. +3600 IN A +192.0.2.1\n")
        .contains("v=DKIM1;k=rsa;p=", "accounturi=" + account.path("account").asText());
    var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.any());
    var head = "$ORIGIN %s.\n@ 60 SOA ns.test. a 1 3600 900 86400 60\n@ 60 NS ns.test.\n";
    var above = head.formatted("test") + "ns 60 A 127.0.0.1\nrelay 60 NS ns\n";
    var zone = head.formatted(DOMAIN) + printed.output();
    var check =
        new String[] {
          "dns",
          "check",
          "--ipv4",
          "192.0.2.1",
          "--resolver",
          "127.0.0.1:" + server.getPort(),
          "--port",
          "" + server.getPort()
        };
    try (var whole =
        ZoneServer.start(folder.resolve("whole"), server, Map.of("test", above, DOMAIN, zone))) {
      assertThat(whole).isNotNull();

      // Then it passes
      var passed = cli.run(check);
      assertThat(passed.exitCode()).as(passed.output()).isZero();
      assertThat(passed.output()).contains("All records are there.");
    }

    // When a required record is missing, then it does not
    var without = zone.replaceAll(".* MX .*\n", "");
    try (var lacking =
        ZoneServer.start(
            folder.resolve("lacking"), server, Map.of("test", above, DOMAIN, without))) {
      assertThat(lacking).isNotNull();

      var failed = cli.run(check);
      assertThat(failed.exitCode()).isEqualTo(1);
      assertThat(failed.output())
          .containsPattern("MISSING +MX +relay.test.\n +wanted +10 relay.test.\n +found +nothing")
          .contains("Not as wanted: 1 required, 0 recommended");
      var json = Cli.JSON.readTree(cli.run(join(check, "--json")).output());
      assertThat(json.path("ok").isBoolean()).isTrue();
      assertThat(json.path("ok").asBoolean()).isFalse();
      assertThat(json.path("records").findValuesAsText("state")).contains("missing", "ok");
    }
  }

  private static String[] join(String[] words, String word) {
    var all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = word;
    return all;
  }

  /** A key as it might have been written: lines of PEM, bytes, hex, base64url. */
  private static List<String> forms(String pem) throws GeneralSecurityException {
    var body =
        pem.substring(
            pem.indexOf("-----BEGIN PRIVATE KEY-----") + 27,
            pem.indexOf("-----END PRIVATE KEY-----"));
    var der = Base64.getMimeDecoder().decode(body);
    var key =
        (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    var number = HexFormat.of().formatHex(key.getS().toByteArray());
    var secret = HexFormat.of().parseHex(number.substring(Math.max(0, number.length() - 64)));
    return List.of(
        body.strip().lines().skip(1).findFirst().orElseThrow(),
        new String(secret, StandardCharsets.ISO_8859_1),
        HexFormat.of().formatHex(secret),
        Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  private static dev.postbus.deploy.local.Shape shapeOf(Cli cli) {
    return dev.postbus.deploy.local.StackSettings.remembered(cli.state()).orElseThrow().shape();
  }

  private static boolean isByAcme(Cli cli) throws Exception {
    return certificate(cli).path("mode").asText().equals("acme");
  }

  private static String shown(Cli cli) throws Exception {
    return certificate(cli).path("fingerprint").asText();
  }

  private static JsonNode certificate(Cli cli) throws Exception {
    var port = new StackPorts(offsetOf(cli), shapeOf(cli)).cert();
    try (var in = URI.create("http://127.0.0.1:" + port + "/cert").toURL().openStream()) {
      return Cli.JSON.readTree(in);
    }
  }

  private static int offsetOf(Cli cli) {
    return dev.postbus.deploy.local.StackSettings.remembered(cli.state())
        .orElseThrow()
        .portOffset();
  }

  private List<Integer> appliedPorts(Cli cli, String fingerprint) throws Exception {
    return cli.events("--type", "cert-applied").stream()
        .map(event -> event.path("data"))
        .filter(data -> data.path("fingerprint").asText().equals(fingerprint))
        .map(data -> data.path("port").asInt() - offset)
        .distinct()
        .toList();
  }

  private String served(int port) {
    try (var tls = MailUser.tls(port + offset)) {
      var leaf = tls.getSession().getPeerCertificates()[0].getEncoded();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf));
    } catch (Exception notYet) {
      return "";
    }
  }
}
