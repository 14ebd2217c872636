package dev.postbus.cert.foreign;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a file looks like that should be PEM (RFC 7468), before anything in it is decoded.
 *
 * @param text its bytes as letters; PEM is ASCII, and anything else is not PEM in whatever way it
 *     is read
 */
record PemForm(String text) {
  private static final int DER_SEQUENCE = 0x30;

  static PemForm of(byte[] file) {
    return new PemForm(new String(file, StandardCharsets.ISO_8859_1));
  }

  /**
   * Why it is not PEM with blocks of a kind.
   *
   * @param kind the end of the label that is looked for, such as {@code PRIVATE KEY}
   * @param fromDer a command that makes PEM of DER
   */
  Optional<String> problem(String kind, String fromDer) {
    if (text.isBlank()) {
      return Optional.of("it is empty");
    }
    if (text.charAt(0) == DER_SEQUENCE && !text.contains("-----BEGIN ")) {
      return Optional.of("it seems to be DER; make PEM of it with: " + fromDer);
    }
    if (!text.contains("-----BEGIN ")) {
      return Optional.of("there is no PEM block in it");
    }
    if (count("-----BEGIN ") != count("-----END ") || text.lastIndexOf("-----") < end()) {
      return Optional.of("it is torn: a block in it does not end");
    }
    if (!text.contains(kind + "-----")) {
      return Optional.of("there is no block " + kind + " in it");
    }
    return Optional.empty();
  }

  private int end() {
    var last = text.lastIndexOf("-----END ");
    return last < 0 ? 0 : last + "-----END ".length();
  }

  private int count(String what) {
    var found = 0;
    for (int i = text.indexOf(what); i >= 0; i = text.indexOf(what, i + 1)) {
      found++;
    }
    return found;
  }
}
