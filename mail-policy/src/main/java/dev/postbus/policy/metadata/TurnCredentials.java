package dev.postbus.policy.metadata;

import dev.postbus.policy.storage.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Credentials for a TURN server that expire by themselves (draft-uberti-behave-turn-rest-00,
 * coturn's {@code use-auth-secret}): the user's name is the time until which they hold, the
 * password its MAC under a secret that the server shares.
 */
final class TurnCredentials {
  /** As long as the public relay's; clients ask anew when half a day is left. */
  static final Duration LIFETIME = Duration.ofDays(5);

  private static final int PORT = 3478;
  private static final int LONGEST_SECRET = 1024;

  private TurnCredentials() {}

  /**
   * {@code host:3478:user:password}; empty if there is no secret.
   *
   * @param secretFile holds coturn's {@code static-auth-secret} and nothing else
   */
  static Optional<String> issue(String host, Path secretFile, Instant now) throws IOException {
    byte[] bytes;
    try {
      bytes = DurableFile.read(secretFile, LONGEST_SECRET);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    var secret = new String(bytes, StandardCharsets.UTF_8).strip();
    if (secret.isEmpty() || bytes.length > LONGEST_SECRET) {
      throw new IOException(
          secretFile + " must hold a secret of 1 to " + LONGEST_SECRET + " bytes");
    }
    var user = Long.toString(now.plus(LIFETIME).getEpochSecond());
    return Optional.of(host + ":" + PORT + ":" + user + ":" + mac(secret, user));
  }

  private static String mac(String secret, String text) {
    try {
      // SHA-1 is what TURN servers expect here; as an HMAC it is sound.
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }
}
