package dev.postbus.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The file that holds the token; it is read each time, so that another token counts at once.
 *
 * @param file one line
 */
record TokenFile(Path file) {
  /** In characters; what is shorter can be guessed. */
  static final int SHORTEST = 24;

  private static final int LARGEST = 4096;

  /**
   * Whether this is the token. How long that takes says nothing about how much of it is right.
   *
   * @throws IOException if there is no usable token, with the reason
   */
  boolean matches(String offered) throws IOException {
    return MessageDigest.isEqual(sha256(token()), sha256(offered));
  }

  private String token() throws IOException {
    try (var in = Files.newInputStream(file)) {
      var token = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8).strip();
      if (token.length() < SHORTEST) {
        throw new IOException(file + " must hold a token of at least " + SHORTEST + " characters");
      }
      return token;
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
