package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.testing.TlsOffer;
import dev.postbus.testing.TlsOffer.Version;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which versions and suites of TLS the real Postfix and Dovecot agree to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private RunningMail relay;

  @BeforeAll
  void start() throws Exception {
    relay = RunningMail.prepare(Map.of());
    relay.start("");
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"465, ''", "587, smtp", "993, ''", "143, imap"})
  void usersNeedTheNewestVersion(int port, String starttls) throws Exception {
    var offer = new TlsOffer(relay.port(port), starttls, "");

    assertThat(offer.suites(Version.TLS_1_0)).isEmpty();
    assertThat(offer.suites(Version.TLS_1_1)).isEmpty();
    assertThat(offer.suites(Version.TLS_1_2)).isEmpty();
    assertThat(offer.suites(Version.TLS_1_3))
        .isNotEmpty()
        .isSubsetOf(
            "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");
  }

  @Test
  void otherServersMayComeWithTheOneBeforeButNothingWeak() throws Exception {
    var offer = new TlsOffer(relay.port(25), "smtp", "");

    assertThat(offer.suites(Version.TLS_1_0)).isEmpty();
    assertThat(offer.suites(Version.TLS_1_1)).isEmpty();
    assertThat(offer.suites(Version.TLS_1_2))
        .isNotEmpty()
        .noneMatch(
            suite -> suite.matches(".*(NULL|RC4|MD5|DES|EXP|ADH|AECDH|PSK|SRP|SEED|IDEA).*"));
    assertThat(offer.suites(Version.TLS_1_3)).isNotEmpty();
  }
}
