package dev.postbus.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From where a browser may use the console. */
class OriginsTest {
  private static final Origins LOOPBACK = Origins.of(Optional.empty());
  private static final Origins BEHIND_TLS = Origins.of(Optional.of("https://console.example.org"));

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "localhost:9104", "127.0.0.1:9104", "127.1.2.3", "[::1]:9104"})
  void namesOfLoopbackAreMeant(String host) {
    assertThat(LOOPBACK.meant(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "evil.example:9104",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost:9104@evil.example",
        "0.0.0.0:9104",
        "192.0.2.1:9104",
        "console.example.org"
      })
  void anotherNameThatLeadsHereIsATrick(String host) {
    assertThat(LOOPBACK.meant(host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:9104, same-origin, true",
    "http://localhost:9104, , true",
    "http://localhost:9105, same-site, false",
    "http://localhost:9105, , false",
    "http://127.0.0.1:9104, , false",
    "https://evil.example, cross-site, false",
    "null, cross-site, false",
    "http://localhost:9104, cross-site, false",
    ", same-origin, false",
    ", , false",
  })
  void aFormCountsFromTheConsolesOwnPagesOnly(String origin, String site, boolean counts) {
    assertThat(LOOPBACK.fromHere("POST", "localhost:9104", origin, site)).isEqualTo(counts);
    assertThat(LOOPBACK.fromHere("GET", "localhost:9104", origin, site)).isTrue();
  }

  @Test
  void whatIsBeforeItIsMeantByItsName() {
    assertThat(BEHIND_TLS.meant("console.example.org")).isTrue();
    assertThat(BEHIND_TLS.meant("other.example.org")).isFalse();
    assertThat(BEHIND_TLS.encrypted("console.example.org")).isTrue();
    assertThat(BEHIND_TLS.encrypted("localhost:9104")).isFalse();
    assertThat(
            BEHIND_TLS.fromHere(
                "POST", "console.example.org", "https://console.example.org", "same-origin"))
        .isTrue();
    assertThat(
            BEHIND_TLS.fromHere(
                "POST", "console.example.org", "http://console.example.org", "same-origin"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"console.example.org", "https://console.example.org/", "ftp://x", "https://a b"})
  void whatIsNoOriginIsRefused(String text) {
    assertThatThrownBy(() -> Origins.of(Optional.of(text)))
        .hasMessageContaining("POSTBUS_CONSOLE_ORIGIN");
  }
}
