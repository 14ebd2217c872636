package dev.postbus.cert.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignSettingsTest {
  @ParameterizedTest
  @CsvSource({"true, true", "True, true", "yes, true", "1, true", "false, false", "False, false"})
  void useForeignCertManagerDecidesWhetherThereIsOne(String value, boolean is) {
    assertThat(of(value, "/certs", null).folder().isPresent()).isEqualTo(is);
  }

  @ParameterizedTest
  @CsvSource({
    "/certs, /certs",
    "/etc/letsencrypt/live/chat.example/, /etc/letsencrypt/live/chat.example",
    "/traefik/acme.json, /traefik/acme.json",
    ", /var/lib/acme/live/chat.example",
  })
  void pathToSslIsTheFolder(String value, Path folder) {
    assertThat(of("true", value, null).folder()).contains(folder);
  }

  @Test
  void certsMonitoringTimeoutIsThePoll() {
    assertThat(of("true", null, "7").poll()).isEqualTo(Duration.ofSeconds(7));
    assertThat(of("true", null, null).poll()).isEqualTo(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @CsvSource({
    "maybe, /certs, 60, USE_FOREIGN_CERT_MANAGER must be true or false",
    "true, certs, 60, PATH_TO_SSL must be the absolute path of a folder or of Traefik's acme.json",
    "true, /certs, 0, CERTS_MONITORING_TIMEOUT must be from 1 to 86400",
    "true, /certs, 86401, CERTS_MONITORING_TIMEOUT must be from 1 to 86400",
    "true, /certs, 1.5, CERTS_MONITORING_TIMEOUT must be from 1 to 86400",
    "true, /certs, soon, CERTS_MONITORING_TIMEOUT must be from 1 to 86400",
  })
  void wrongOnesAreNamedWithWhatIsAllowed(String use, String folder, String poll, String said) {
    assertThatThrownBy(() -> of(use, folder, poll))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anEmptyOneIsNone(String use) {
    assertThat(of(use, null, null).folder()).isEmpty();
  }

  private static ForeignSettings of(String use, String folder, String poll) {
    return ForeignSettings.of(
        Optional.ofNullable(use),
        Optional.ofNullable(folder),
        Optional.ofNullable(poll),
        "chat.example");
  }
}
