package dev.postbus.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names what Postfix has to be reloaded for: all that is in its files but the certificate. Kept
 * beside them, and told by the listener that only mail-supervisor asks.
 *
 * @param digest 32 hexadecimal digits
 */
record PostfixVersion(String digest) {
  private static final String FILE = "version";
  private static final int DIGEST_BYTES = 16;

  /** The version of texts, which must not name the folder that they are in. */
  static PostfixVersion of(String... texts) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      for (var text : texts) {
        sha.update(text.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
      }
      return new PostfixVersion(HexFormat.of().formatHex(sha.digest(), 0, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** That of a folder of Postfix's files; none in one that an older program has rendered. */
  static Optional<PostfixVersion> in(Path folder) {
    try {
      return Optional.of(new PostfixVersion(Files.readString(folder.resolve(FILE))));
    } catch (NoSuchFileException older) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the version in " + folder, e);
    }
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), digest);
  }
}
