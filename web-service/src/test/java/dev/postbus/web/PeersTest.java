package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:9102, [::1]:9107, false",
    "[2001:db8::1], 127.0.0.1:9102, 127.0.0.1:9107, false",
    "mail-supervisor, 127.0.0.1:9102, 127.0.0.1:9107, true",
    "127.0.0.1, cert-service:9102, 127.0.0.1:9107, true",
    "127.0.0.1, 127.0.0.1:9102, cert-service:9107, true",
  })
  void namesAreToldFromAddresses(String mail, String http, String tls, boolean named) {
    assertThat(new Peers(mail, http, tls).named()).isEqualTo(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "mail;", "mail:143", "$host", "{", "mail\nevil on"})
  void whatIsNoHostIsNamedWithItsVariable(String mail) {
    assertThatThrownBy(() -> new Peers(mail, "127.0.0.1:9102", "127.0.0.1:9107"))
        .hasMessageContaining("POSTBUS_MAIL_HOST");
  }

  @Test
  void whereCertServiceAnswersNeedsAPort() {
    assertThatThrownBy(() -> new Peers("127.0.0.1", "cert-service", "127.0.0.1:9107"))
        .hasMessageContaining("POSTBUS_CERT_HTTP");
  }

  @Test
  void soDoesATurnServer() {
    assertThatThrownBy(
            () ->
                new Peers(
                    "127.0.0.1",
                    "127.0.0.1:9102",
                    "127.0.0.1:9107",
                    Optional.empty(),
                    Optional.of("turn; evil on")))
        .hasMessage("'turn; evil on' is not a TURN server: POSTBUS_TURN must be HOST:PORT");
  }
}
