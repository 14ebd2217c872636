package dev.postbus.cert.foreign;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzz target: a certificate file and a key file, one after the other, the key from its own BEGIN
 * on. Either they are taken, and then can be written into the store, or every problem is named.
 */
public final class PemImportFuzz {
  private static final PemImport PARSER =
      new PemImport(Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC));
  private static final int LONGEST_PROBLEM = 10_000;

  private PemImportFuzz() {}

  /** One pair. */
  public static void fuzzerTestOneInput(byte[] input) {
    var text = new String(input, StandardCharsets.ISO_8859_1);
    var key = Math.max(0, text.lastIndexOf("-----BEGIN"));
    try {
      var pair =
          PARSER.parse(
              Arrays.copyOf(input, key),
              Arrays.copyOfRange(input, key, input.length),
              List.of("relay.test"));
      if (pair.key().getEncoded() == null || pair.chain().isEmpty()) {
        throw new IllegalStateException("taken, and not to be written");
      }
    } catch (UnusablePair e) {
      if (e.problems().isEmpty()
          || e.problems().stream()
              .anyMatch(p -> p.isBlank() || p.contains("\n") || p.length() > LONGEST_PROBLEM)) {
        throw new IllegalStateException("refused without a word, with too many, or in lines");
      }
    }
  }
}
