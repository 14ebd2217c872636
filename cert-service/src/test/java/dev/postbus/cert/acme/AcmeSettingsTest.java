package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AcmeSettingsTest {
  @Test
  void withoutAnyLetsEncryptIsAskedOverPortEighty() {
    var settings = of(Map.of());

    assertThat(settings.authorities())
        .singleElement()
        .hasToString("https://acme-v02.api.letsencrypt.org/directory");
    assertThat(settings.challenge()).isEqualTo(AcmeSettings.ChallengeKind.HTTP_01);
    assertThat(settings.key()).isEqualTo(KeyKind.EC);
    assertThat(settings.preCheck()).isTrue();
    assertThat(settings.web().getPort()).isEqualTo(80);
    assertThat(settings.httpPort()).isEqualTo(80);
  }

  @Test
  void portsAreShiftedWithAllOthers() {
    var settings = of(Map.of("postbus.port-offset", "20000"));

    assertThat(settings.web().getPort()).isEqualTo(20080);
    assertThat(settings.tls().getPort()).isEqualTo(29107);
  }

  @Test
  void allThatIsWrongIsNamedAtOnceWithWhatIsAllowed() {
    assertThatThrownBy(
            () ->
                of(
                    Map.of(
                        "postbus.acme.directory", "http://ca.example",
                        "postbus.acme.fallback-trust", "x",
                        "postbus.acme.fallback-directory", "https://other.example/dir",
                        "postbus.acme.key", "dsa",
                        "postbus.acme.resolver", "9.9.9.9",
                        "postbus.acme.http-port", "70000",
                        "postbus.acme.challenge", "dns-01")))
        .hasMessageContaining("POSTBUS_ACME_DIRECTORY is 'http://ca.example', but must be")
        .hasMessageContaining("POSTBUS_ACME_FALLBACK_TRUST is 'x'")
        .hasMessageContaining("POSTBUS_ACME_KEY is 'dsa', but must be one of ec, rsa")
        .hasMessageContaining("POSTBUS_ACME_RESOLVER is '9.9.9.9', but must be HOST:PORT")
        .hasMessageContaining("POSTBUS_ACME_HTTP_PORT is '70000'")
        .hasMessageContaining("needs POSTBUS_ACME_DNS_HOOK");
  }

  private static AcmeSettings of(Map<String, String> settings) {
    return AcmeSettings.of(name -> Optional.ofNullable(settings.get(name)));
  }
}
