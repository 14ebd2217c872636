package dev.postbus.cert.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.certificates.Pem;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PemImportTest {
  private static final Made GOOD = Made.leaf();

  private final PemImport parser = new PemImport(Clock.systemUTC());

  static Stream<Arguments> bad() throws CertificateEncodingException {
    var now = Instant.now();
    var usual = Made.Recipe.usual();
    var certificate = GOOD.certificateFile();
    var key = GOOD.keyFile();
    return Stream.of(
        bad("empty", new byte[0], key, "certificate cannot be read: it is empty", true),
        bad("torn certificate", torn(certificate), key, "it is torn", true),
        bad("torn in a label", cut(certificate, 12), key, "it is torn", true),
        bad("torn key", certificate, torn(key), "private key cannot be read: it is torn", true),
        bad("damaged", text(broken(GOOD.certificatePem())), key, "is damaged", true),
        bad("key does not fit", certificate, Made.leaf().keyFile(), "does not fit", true),
        bad(
            "half of a chain of another",
            text(
                GOOD.certificatePem().split("(?<=-----END CERTIFICATE-----\n)")[0]
                    + Made.leaf().certificatePem()),
            key,
            "not signed by the next",
            true),
        of("expired", usual.from(now.minus(Duration.ofDays(100))), "expired at", false),
        of("not yet valid", usual.from(now.plus(Duration.ofDays(1))), "not valid before", false),
        of("wrong name", usual.forName("other.test"), "does not cover relay.test", false),
        of("small RSA", usual.key(Made.pair("RSA", 1024)), "the RSA key has 1024 bits", false),
        of("SHA-1", usual.signedWith("SHA1withECDSA"), "SHA1withECDSA, which the daemons", false),
        bad("DER", GOOD.chain().getFirst().getEncoded(), key, "seems to be DER", true),
        bad("DER key", certificate, GOOD.key().getEncoded(), "openssl pkey -inform DER", true),
        bad("no PEM", text("hello"), text("hello"), "there is no PEM block in it", true),
        bad("swapped", key, certificate, "there is no block CERTIFICATE in it", true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void whatIsWrongIsNamed(
      String name, byte[] certificate, byte[] key, String why, boolean perhapsHalf) {
    assertThatThrownBy(() -> parser.parse(certificate, key, List.of(Made.DOMAIN)))
        .hasMessageContaining(why)
        .hasMessageNotContaining(body(GOOD.keyPem()))
        .isInstanceOfSatisfying(
            UnusablePair.class,
            e -> assertThat(e.perhapsHalf()).as(e.toString()).isEqualTo(perhapsHalf));
  }

  @Test
  void aChainInTheWrongOrderIsMended() throws Exception {
    var turned = Pem.of(List.of(GOOD.chain().get(1), GOOD.chain().get(0)));

    var pair = parser.parse(text(turned), GOOD.keyFile(), List.of(Made.DOMAIN));

    assertThat(pair.chain()).isEqualTo(GOOD.chain());
    assertThat(pair.warnings()).singleElement().asString().contains("it has been mended");
    assertThat(pair.issuerMissing()).isFalse();
  }

  @Test
  void aMissingIntermediateIsAWarning() throws Exception {
    var alone = Pem.of(GOOD.chain().subList(0, 1));

    var pair = parser.parse(text(alone), GOOD.keyFile(), List.of(Made.DOMAIN));

    assertThat(pair.issuerMissing()).isTrue();
    assertThat(pair.warnings())
        .singleElement()
        .asString()
        .contains("without that of its issuer, CN=authority");
  }

  @Test
  void anEd25519KeyIsTakenWithAWord() throws Exception {
    var made = Made.by(Made.Recipe.usual().key(Made.pair("Ed25519", 0)));

    var pair = parser.parse(made.certificateFile(), made.keyFile(), List.of(Made.DOMAIN));

    assertThat(pair.warnings()).singleElement().asString().contains("most browsers");
  }

  @Test
  void nothingOfAKeyIsPrinted() throws Exception {
    var pair = parser.parse(GOOD.certificateFile(), GOOD.keyFile(), List.of(Made.DOMAIN));

    assertThat(
            pair + " " + PemKey.read(GOOD.keyFile()) + new PairBytes(new byte[9], GOOD.keyFile()))
        .doesNotContain(body(GOOD.keyPem()))
        .doesNotContain("PRIVATE KEY");
  }

  private static Arguments bad(
      String name, byte[] certificate, byte[] key, String why, boolean perhapsHalf) {
    return Arguments.of(name, certificate, key, why, perhapsHalf);
  }

  private static Arguments of(String name, Made.Recipe recipe, String why, boolean perhapsHalf) {
    var made = Made.by(recipe);
    return bad(name, made.certificateFile(), made.keyFile(), why, perhapsHalf);
  }

  private static byte[] torn(byte[] file) {
    return cut(file, file.length / 3);
  }

  private static byte[] cut(byte[] file, int length) {
    return Arrays.copyOf(file, length);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String broken(String pem) {
    return pem.replaceFirst("MII", "AAA");
  }

  private static String body(String pem) {
    return pem.lines().skip(1).findFirst().orElseThrow();
  }
}
