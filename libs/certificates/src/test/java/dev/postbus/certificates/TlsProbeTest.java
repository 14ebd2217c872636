package dev.postbus.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postbus.certificates.TlsProbe.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsProbeTest {
  private static final Duration SECONDS = Duration.ofSeconds(5);
  private static final List<String> SMTP =
      List.of(
          "S 220-relay ESMTP",
          "S 220 go on",
          "C EHLO .*",
          "S 250-relay",
          "S 250-SIZE 1000",
          "S 250 STARTTLS",
          "C STARTTLS",
          "S 220 2.0.0 Ready");
  private static final List<String> IMAP =
      List.of(
          "S * OK [CAPABILITY IMAP4rev1 STARTTLS] ready", "C a STARTTLS",
          "S * OK something aside", "S a OK Begin TLS negotiation now.");

  @TempDir static Path folder;
  private static MadePair pair;

  @BeforeAll
  static void make() throws Exception {
    pair = MadePair.ec(folder, "DNS:_relay.test");
  }

  @ParameterizedTest
  @CsvSource({
    "TLS, TLSv1.3, _relay.test",
    "TLS, TLSv1.2, relay.test",
    "TLS, TLSv1.3, 192.0.2.7",
    "SMTP_STARTTLS, TLSv1.2, _relay.test",
    "SMTP_STARTTLS, TLSv1.3, relay.test",
    "IMAP_STARTTLS, TLSv1.3, _relay.test"
  })
  void reportsTheLeafThatIsServed(Protocol protocol, String version, String name) throws Exception {
    try (var server = new ScriptedServer(pair, script(protocol), version)) {
      var served = TlsProbe.fingerprint(server.address(), protocol, name, SECONDS);

      assertThat(served).isEqualTo(StoredCertificate.fingerprint(pair.chain().getFirst()));
      assertThat(server.misunderstanding()).isNull();
    }
  }

  @Test
  void asksForTheNameWhereItIsALegalHostName() throws Exception {
    try (var server = new ScriptedServer(pair, List.of(), "TLSv1.3")) {
      TlsProbe.fingerprint(server.address(), Protocol.TLS, "relay.test", SECONDS);
      assertThat(server.requestedName()).isEqualTo("relay.test");
    }
    try (var server = new ScriptedServer(pair, List.of(), "TLSv1.3")) {
      TlsProbe.fingerprint(server.address(), Protocol.TLS, "_relay.test", SECONDS);
      assertThat(server.requestedName()).isEmpty();
    }
  }

  @Test
  void saysWhatAServerAnsweredThatHasNoStartTls() throws Exception {
    var refusing =
        List.of("S 220 relay", "C EHLO .*", "S 250 relay", "C STARTTLS", "S 502 5.5.1 no such");
    try (var server = new ScriptedServer(pair, refusing, "TLSv1.3")) {
      assertThatThrownBy(
              () ->
                  TlsProbe.fingerprint(
                      server.address(), Protocol.SMTP_STARTTLS, "relay.test", SECONDS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("502 5.5.1 no such");
    }
  }

  @Test
  void givesUpOnAServerThatSaysNothing() throws Exception {
    try (var silent = new ServerSocket(0)) {
      var address =
          new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), silent.getLocalPort());
      for (var protocol : Protocol.values()) {
        var started = System.nanoTime();

        var problem =
            catchThrowable(
                () ->
                    TlsProbe.fingerprint(address, protocol, "relay.test", Duration.ofMillis(200)));

        assertThat(problem).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(SECONDS);
      }
    }
  }

  private static List<String> script(Protocol protocol) {
    return switch (protocol) {
      case TLS -> List.of();
      case SMTP_STARTTLS -> SMTP;
      case IMAP_STARTTLS -> IMAP;
    };
  }
}
