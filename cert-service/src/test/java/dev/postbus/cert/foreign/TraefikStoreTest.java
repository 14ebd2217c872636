package dev.postbus.cert.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TraefikStoreTest {
  private static final List<String> NAMES = List.of(Made.DOMAIN, "www." + Made.DOMAIN);
  private static final Made GOOD = Made.leaf();

  private final PemImport parser = new PemImport(Clock.systemUTC());

  @Test
  void theCertificateForTheRelayIsTakenFromAmongOthers() throws Exception {
    var other = Made.by(Made.Recipe.usual().forName("other.test"));
    var file =
        new TraefikFile()
            .idle("unused")
            .resolver("le", "other.test", other.certificateFile(), other.keyFile())
            .resolver("le", GOOD)
            // Others' troubles are not ours.
            .resolver("le", "third.test", new byte[9], new byte[0]);

    var pair = parser.parseStore(file.bytes(), NAMES);

    assertThat(pair.chain()).isEqualTo(GOOD.chain());
    assertThat(pair.key()).isEqualTo(GOOD.key());
    assertThat(pair.warnings()).containsExactly("the certificate does not cover www.relay.test");
  }

  @Test
  void aWildcardCovers() throws Exception {
    var wide = Made.by(Made.Recipe.usual().forName("*.test"));

    var pair = parser.parseStore(new TraefikFile().resolver("dns", wide).bytes(), NAMES);

    assertThat(pair.chain()).isEqualTo(wide.chain());
  }

  @Test
  void ofSeveralTheNewestIsTakenAndThatIsSaid() throws Exception {
    var hourAgo = Instant.now().minus(Duration.ofHours(2));
    var old = Made.by(Made.Recipe.usual().from(hourAgo));
    var expired = Made.by(Made.Recipe.usual().from(Instant.now().minus(Duration.ofDays(100))));
    var file =
        new TraefikFile()
            .resolver("first", GOOD)
            .resolver("second", old)
            .resolver("third", expired);

    var pair = parser.parseStore(file.bytes(), NAMES);

    assertThat(pair.chain()).isEqualTo(GOOD.chain());
    assertThat(pair.warnings())
        .anyMatch(said -> said.contains("2 certificates are for relay.test"));
  }

  static Stream<Arguments> bad() {
    var good = new TraefikFile().resolver("le", GOOD);
    var foreign = Made.by(Made.Recipe.usual().forName("other.test"));
    var expired = Made.by(Made.Recipe.usual().from(Instant.now().minus(Duration.ofDays(100))));
    return Stream.of(
        bad("emptied", "", "it is empty", true),
        bad("half written", good.text().substring(0, good.text().length() / 2), "it is torn", true),
        bad("all but the end", good.text().substring(0, good.text().length() - 1), "torn", true),
        bad("the end of a longer one", good.text() + "]}", "it is torn", true),
        bad("twice", good.text() + "{}", "something follows", true),
        bad("no object", "[]", "it is no object of JSON", true),
        bad("another file", "{\"a\": 1, \"b\": {\"c\": []}}", "none of the 0", false),
        bad("a list in its place", "{\"le\": {\"Certificates\": [[], 1, null]}}", "none of", false),
        bad("deep", "{\"le\": " + "[".repeat(100_000), "it is torn or damaged", true),
        bad("many", "{\"le\": {\"Certificates\": [" + "{},".repeat(2001), "more than 2000", false),
        bad("of others", new TraefikFile().resolver("le", foreign).text(), "none of the 1", false),
        bad("expired", new TraefikFile().resolver("le", expired).text(), "expired at", false),
        bad(
            "another key",
            new TraefikFile()
                .resolver("le", Made.DOMAIN, GOOD.certificateFile(), Made.leaf().keyFile())
                .text(),
            "does not fit",
            true),
        bad(
            "not base64",
            good.text().replaceAll("\"key\": \"[^\"]*\"", "\"key\": \"?!\""),
            "private key cannot be read: it is empty",
            true),
        bad(
            "a number",
            good.text().replaceAll("\"certificate\": \"[^\"]*\"", "\"certificate\": 5"),
            "certificate cannot be read: it is empty",
            true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void whatIsWrongIsNamed(String name, String file, String why, boolean perhapsHalf) {
    assertThatThrownBy(() -> parser.parseStore(file.getBytes(StandardCharsets.UTF_8), NAMES))
        .hasMessageContaining(why)
        .hasMessageNotContaining(GOOD.keyPem().lines().skip(1).findFirst().orElseThrow())
        .isInstanceOfSatisfying(
            UnusablePair.class,
            e -> assertThat(e.perhapsHalf()).as(e.toString()).isEqualTo(perhapsHalf));
  }

  @Test
  void nothingOfAKeyIsPrinted() throws Exception {
    var file = new TraefikFile().resolver("le", GOOD).bytes();

    assertThat(TraefikStore.read(file) + " " + new PairBytes(file, null)).doesNotContain("[45,");
  }

  @Test
  void changesOfAFileEndInAPairOrInWords() {
    var random = new Random(4711);
    var file = new TraefikFile().resolver("le", GOOD).idle("other").bytes();
    for (int i = 0; i < 2000; i++) {
      var changed = i % 2 == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file.clone();
      for (int j = random.nextInt(1, 5); j > 0 && changed.length > 0; j--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(128);
      }
      try {
        var leaf = parser.parseStore(changed, NAMES).chain().getFirst();
        assertThat(leaf.getPublicKey()).isEqualTo(GOOD.chain().getFirst().getPublicKey());
      } catch (UnusablePair e) {
        assertThat(e.problems()).isNotEmpty().noneMatch(said -> said.isBlank());
      }
    }
  }

  private static Arguments bad(String name, String file, String why, boolean perhapsHalf) {
    return Arguments.of(name, file, why, perhapsHalf);
  }
}
