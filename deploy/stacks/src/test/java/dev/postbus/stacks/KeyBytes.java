package dev.postbus.stacks;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for private keys in all that was written, in any form that somebody might print them in.
 */
final class KeyBytes {
  private static final int SHORTEST = 12;

  private final Map<String, String> needles = new LinkedHashMap<>();

  /** Adds a key, PEM of PKCS #8; its public half is no secret. */
  void add(String pem) throws GeneralSecurityException {
    var lines = pem.lines().filter(line -> !line.startsWith("-----")).toList();
    var der = Base64.getDecoder().decode(String.join("", lines));
    var secret = secret(der);
    var hex = HexFormat.of();
    var at = hex.formatHex(der).indexOf(hex.formatHex(secret)) / 2;
    addLines(lines, Math.ceilDiv(at, 3) * 4, (at + secret.length) / 3 * 4);
    needles.put(hex.formatHex(secret), "the secret in hex");
    needles.put(base64(Base64.getEncoder(), secret), "the secret in base64");
    needles.put(base64(Base64.getUrlEncoder(), secret), "the secret in base64url");
    needles.put(new BigInteger(1, secret).toString(), "the secret as a number");
  }

  /** The letters of the PEM body that stand for the secret, a line's each. */
  private void addLines(List<String> lines, int from, int to) {
    var begin = 0;
    for (var line : lines) {
      var first = Math.max(from - begin, 0);
      var last = Math.min(to - begin, line.length());
      if (last - first >= SHORTEST) {
        needles.put(line.substring(first, last), "a line of its PEM body");
      }
      begin += line.length();
    }
  }

  private static String base64(Base64.Encoder encoder, byte[] secret) {
    return encoder.withoutPadding().encodeToString(secret);
  }

  private static byte[] secret(byte[] der) throws GeneralSecurityException {
    for (var algorithm : List.of("EC", "Ed25519")) {
      try {
        var key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        return switch (key) {
          case ECPrivateKey ec -> HexFormat.of().parseHex("%064x".formatted(ec.getS()));
          case EdECPrivateKey ed -> ed.getBytes().orElseThrow();
          default -> throw new GeneralSecurityException("not a key that is known here: " + key);
        };
      } catch (java.security.spec.InvalidKeySpecException another) {
        // The next kind.
      }
    }
    throw new GeneralSecurityException("neither EC nor Ed25519");
  }

  /** What of the keys is in a text. */
  List<String> in(String where, String text) {
    var lower = text.toLowerCase(Locale.ROOT).replace(":", "");
    return needles.entrySet().stream()
        .filter(
            needle ->
                text.contains(needle.getKey())
                    || (needle.getKey().matches("[0-9a-f]{32,}")
                        && lower.contains(needle.getKey())))
        .map(needle -> where + " holds " + needle.getValue())
        .toList();
  }

  /**
   * What of them is in the files of a folder, but for some folders below it, and for Kafka's
   * indexes, which hold numbers only. Files that go away meanwhile were not there.
   */
  List<String> inFiles(Path folder, List<Path> but) throws IOException {
    var found = new ArrayList<String>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            return but.contains(at) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !file.toString().endsWith("index")) {
              try {
                found.addAll(
                    in(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1)));
              } catch (IOException gone) {
                return FileVisitResult.CONTINUE;
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path at, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
