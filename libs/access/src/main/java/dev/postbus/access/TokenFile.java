package dev.postbus.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The file that holds the token; it is read each time, so that another token counts at once.
 *
 * @param file one line
 */
public record TokenFile(Path file) {
  /** In characters; what is shorter can be guessed. */
  static final int SHORTEST = 24;

  private static final int LARGEST = 4096;
  private static final int RANDOM_BYTES = 32;

  /**
   * Makes one, for its owner and its folder's group to read, unless there is one.
   *
   * @throws IOException if there is none and none can be made
   */
  public void makeIfMissing() throws IOException {
    if (Files.exists(file)) {
      return;
    }
    var random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    var fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            ".token",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(fresh, HexFormat.of().formatHex(random) + "\n");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r--r-----"));
      // Whoever reads it reads all of it, and of two that make one, one counts.
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException another) {
      // It is as good.
    } finally {
      Files.delete(fresh);
    }
  }

  /**
   * Whether this is the token. How long that takes says nothing about how much of it is right.
   *
   * @throws IOException if there is no usable token, with the reason
   */
  public boolean matches(String offered) throws IOException {
    return MessageDigest.isEqual(sha256(token()), sha256(offered));
  }

  /** What a service that asks another one says of itself (RFC 6750, section 2.1). */
  public String authorization() throws IOException {
    return Bearers.SCHEME + token();
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
