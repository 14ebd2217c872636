package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.testing.Knot;
import dev.postbus.testing.Pebble;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names are proven by TXT records: by a real dynamic update, and by an operator's program. */
class DnsChallengeTest extends AcmeFixture {
  private static final String SECRET = "c2VjcmV0LW9mLXRoZS16b25lLXNlY3JldC1vZi0zMg==";

  @Test
  void aZoneIsChangedByASignedUpdateAndChangedBack() throws Exception {
    try (var knot = Knot.start(folder, "relay.test", "postbus.", SECRET);
        var pebble = pebble(new Pebble.Options().dnsPort(knot.port()))) {
      ask(pebble.directory().toString(), pebble.trust());
      update(knot, SECRET);

      step(keeper());

      assertThat(failures()).isEmpty();
      assertThat(home.installed).hasSize(1);
      assertThat(orders().getFirst().challenge()).isEqualTo("dns-01");
      var there =
          Dns.through(
              Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), knot.port())));
      assertThat(there.texts(Dns.name("_acme-challenge.relay.test"))).isEmpty();
    }
  }

  @Test
  void aServerThatRefusesTheKeyIsNamedAndTheOrderGoesOn() throws Exception {
    try (var knot = Knot.start(folder, "relay.test", "postbus.", SECRET);
        var pebble = pebble(new Pebble.Options().dnsPort(knot.port()))) {
      ask(pebble.directory().toString(), pebble.trust());
      update(knot, "d3JvbmctLW9mLXRoZS16b25lLXNlY3JldC1vZi0zMg==");
      var next = step(keeper());
      assertThat(failures().getFirst().kind()).isEqualTo("challenge-setup");
      assertThat(failures().getFirst().reason())
          .contains("_acme-challenge.", "127.0.0.1:" + knot.port())
          .doesNotContain("d3Jvbmct");

      update(knot, SECRET);
      clock.moveTo(next);
      keeper().step();
      assertThat(home.installed).hasSize(1);
      assertThat(orders()).hasSize(1);
    }
  }

  @Test
  void aKeyFileOfAnotherFormIsRefusedWithoutItsContent() throws Exception {
    settings.put("challenge", "dns-01");
    settings.put("dns-server", "127.0.0.1:1");
    settings.put("dns-zone", "relay.test");
    settings.put("dns-key", Files.writeString(folder.resolve("key"), SECRET).toString());

    step(keeper());

    assertThat(failures().getFirst().reason()).contains("tsig-keygen").doesNotContain(SECRET);
  }

  @Test
  void aProgramChangesTheZone() throws Exception {
    // Given a program that tells the DNS server of the tests
    var calls = folder.resolve("calls");
    hook(
        """
        echo "$@" >>%s
        case $1 in
          add) body="{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}"; what=set-txt ;;
          remove) body="{\\"host\\":\\"$2.\\"}"; what=clear-txt ;;
        esac
        exec 3<>/dev/tcp/127.0.0.1/%d
        printf 'POST /%%s HTTP/1.0\\r\\nContent-Length: %%d\\r\\n\\r\\n%%s' "$what" "${#body}" "$body" >&3
        grep -q ' 200 ' <&3
        """
            .formatted(calls, servers.dns().managementPort()));

    step(keeper());

    assertThat(failures()).isEmpty();
    assertThat(home.installed).hasSize(1);
    assertThat(Files.readAllLines(calls))
        .hasSize(6)
        .allMatch(
            line -> line.matches("(add|remove) _acme-challenge\\.[a-z.-]+ [A-Za-z0-9_-]{43}"));
  }

  @Test
  void aProgramThatFailsIsHeard() throws Exception {
    hook("echo 'the registrar is closed' >&2; exit 3\n");

    step(keeper());

    assertThat(failures().getFirst().kind()).isEqualTo("challenge-setup");
    assertThat(failures().getFirst().reason()).contains("ended with 3", "the registrar is closed");
  }

  private void update(Knot knot, String secret) throws Exception {
    settings.put("challenge", "dns-01");
    settings.put("resolver", "127.0.0.1:" + knot.port());
    settings.put("dns-server", "127.0.0.1:" + knot.port());
    settings.put("dns-check", "127.0.0.1:" + knot.port());
    var key =
        "key \"postbus.\" {\n\talgorithm hmac-sha256;\n\tsecret \"%s\";\n};\n".formatted(secret);
    settings.put("dns-key", Files.writeString(folder.resolve("tsig.key"), key).toString());
  }

  private Path hook(String script) throws Exception {
    var program = Files.writeString(folder.resolve("hook"), "#!/bin/bash\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    settings.put("challenge", "dns-01");
    settings.put("dns-hook", program.toString());
    settings.put("dns-check", "127.0.0.1:" + servers.dns().port());
    return program;
  }
}
