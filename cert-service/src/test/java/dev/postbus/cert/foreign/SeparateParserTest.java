package dev.postbus.cert.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeparateParserTest {
  private static final List<String> NAMES = List.of(Made.DOMAIN, "www." + Made.DOMAIN);

  private final SeparateParser parser = new SeparateParser(null);

  @AfterEach
  void end() {
    parser.close();
  }

  @Test
  void itSaysWhatTheParserInThisProcessSays() throws Exception {
    var made = Made.leaf();
    var here = new PemImport(Clock.systemUTC());

    var pair = parser.parse(made.certificateFile(), made.keyFile(), NAMES);

    var expected = here.parse(made.certificateFile(), made.keyFile(), NAMES);
    assertThat(pair.chain()).isEqualTo(expected.chain());
    assertThat(pair.key()).isEqualTo(expected.key());
    assertThat(pair.warnings()).isEqualTo(expected.warnings()).hasSize(1);
    assertThatThrownBy(() -> parser.parse(made.certificateFile(), new byte[0], NAMES))
        .isInstanceOf(UnusablePair.class)
        .hasMessageContaining("the private key cannot be read: it is empty");
  }

  @Test
  void itTakesTraefiksFileUpToItsBound() throws Exception {
    // Given a large one, with our certificate as the last of many
    var made = Made.leaf();
    var other = Made.by(Made.Recipe.usual().forName("other.test"));
    var file = new TraefikFile();
    var chain = other.certificatePem().repeat(3).getBytes(StandardCharsets.US_ASCII);
    while (file.bytes().length < 7 << 19) {
      for (int i = 0; i < 50; i++) {
        file.resolver("le", "other.test", chain, other.keyFile());
      }
    }
    file.resolver("le", made);
    assertThat(file.bytes().length).isLessThan(4 << 20);

    var pair = parser.parseStore(file.bytes(), NAMES);

    assertThat(pair.chain()).isEqualTo(made.chain());
    assertThat(pair.key()).isEqualTo(made.key());
    assertThatThrownBy(() -> parser.parseStore(new byte[0], NAMES))
        .isInstanceOf(UnusablePair.class)
        .hasMessageContaining("Traefik's file cannot be read: it is empty");
  }

  @Test
  void oneThatWasKilledIsReplaced() throws Exception {
    var made = Made.leaf();
    parser.parse(made.certificateFile(), made.keyFile(), NAMES);
    var child = parser.process().orElseThrow();

    child.destroyForcibly();
    child.onExit().join();

    assertThat(parser.parse(made.certificateFile(), made.keyFile(), NAMES).chain())
        .isEqualTo(made.chain());
  }

  @Test
  void itEndsWithWhoStartedIt() throws Exception {
    parser.prepare();
    var child = parser.process().orElseThrow();

    parser.close();

    assertThat(child.onExit().join().isAlive()).isFalse();
  }
}
