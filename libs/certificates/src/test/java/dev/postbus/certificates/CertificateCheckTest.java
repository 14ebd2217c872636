package dev.postbus.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateCheckTest {
  private static final Clock NOW = Clock.systemUTC();

  @TempDir Path folder;
  @TempDir Path other;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-newkey ec -pkeyopt ec_paramgen_curve:P-384",
        "-newkey rsa:2048",
        "-newkey ed25519"
      })
  void everyKindOfKeyIsSeenToFitItsCertificate(String options) throws Exception {
    var pair = MadePair.selfSigned(folder, "DNS:relay.test", options.split(" "));
    var store = new CertificateStore(other);
    store.prepare();

    var stored = store.write(pair.chain(), pair.key());

    assertThat(CertificateCheck.problems(stored, List.of("relay.test"), NOW)).isEmpty();
  }

  @Test
  void aKeyOfAnotherCertificateIsNamedWithoutShowingIt() throws Exception {
    var mine = MadePair.ec(folder, "DNS:relay.test");
    var foreign = MadePair.ec(other, "DNS:relay.test");

    var problems =
        CertificateCheck.problems(mine.chain(), foreign.key(), List.of("relay.test"), NOW);

    assertThat(problems).containsExactly("the private key does not fit the certificate");
  }

  @Test
  void aKeyOfAnotherKindDoesNotFitEither() throws Exception {
    var mine = MadePair.ec(folder, "DNS:relay.test");
    var foreign = MadePair.selfSigned(other, "DNS:relay.test", "-newkey", "rsa:2048");

    assertThat(CertificateCheck.problems(mine.chain(), foreign.key(), List.of("relay.test"), NOW))
        .containsExactly("the private key does not fit the certificate");
  }

  @Test
  void allProblemsAreNamedAtOnce() throws Exception {
    var mine = MadePair.ec(folder, "DNS:elsewhere.test");
    var foreign = MadePair.ec(other, "DNS:relay.test");
    var later = Clock.offset(NOW, Duration.ofDays(31));

    var problems =
        CertificateCheck.problems(mine.chain(), foreign.key(), List.of("relay.test"), later);

    assertThat(problems).hasSize(3);
    assertThat(problems.get(0)).contains("does not fit");
    assertThat(problems.get(1)).contains("expired at");
    assertThat(problems.get(2)).contains("does not cover relay.test").contains("elsewhere.test");
  }

  @Test
  void oneThatIsNotValidYetIsNamed() throws Exception {
    var pair = MadePair.ec(folder, "DNS:relay.test");
    var earlier = Clock.offset(NOW, Duration.ofDays(-1));

    assertThat(CertificateCheck.problems(pair.chain(), pair.key(), List.of("relay.test"), earlier))
        .singleElement()
        .asString()
        .contains("not valid before");
  }

  @Test
  void aChainInTheWrongOrderIsNamed() throws Exception {
    var pair = MadePair.withAuthority(folder, "DNS:relay.test");
    var names = List.of("relay.test");
    assertThat(CertificateCheck.problems(pair.chain(), pair.key(), names, NOW)).isEmpty();

    var stranger = MadePair.ec(other, "DNS:stranger.test").chain().getFirst();

    assertThat(
            CertificateCheck.problems(
                List.of(pair.chain().getFirst(), stranger), pair.key(), names, NOW))
        .containsExactly(
            "certificate 1 of the chain (CN=leaf) is not signed by the next one (CN=test)");
  }

  @Test
  void aDamagedKeyFileIsAProblemThatDoesNotShowIt() throws Exception {
    var pair = MadePair.ec(folder, "DNS:relay.test");
    var store = new CertificateStore(other);
    store.prepare();
    var stored = store.write(pair.chain(), pair.key());
    var whole = Files.readString(stored.privateKey());
    Files.writeString(stored.privateKey(), whole.substring(0, whole.length() / 2));

    var problems = CertificateCheck.problems(stored, List.of("relay.test"), NOW);

    var secret = Base64.getEncoder().encodeToString(pair.key().getEncoded()).substring(0, 24);
    assertThat(problems).singleElement().asString().contains("cannot be read");
    assertThat(problems.toString()).doesNotContain(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "relay.test, relay.test, true",
    "RELAY.test, relay.TEST, true",
    "*.relay.test, www.relay.test, true",
    "*.relay.test, relay.test, false",
    "*.relay.test, a.b.relay.test, false",
    "192.0.2.7, 192.0.2.7, true",
    "_relay.localhost, _relay.localhost, true",
    "relay.test, xrelay.test, false"
  })
  void namesAreCoveredAsBrowsersSeeIt(String covered, String name, boolean expected) {
    assertThat(CertificateCheck.covers(List.of(covered), name)).isEqualTo(expected);
  }
}
