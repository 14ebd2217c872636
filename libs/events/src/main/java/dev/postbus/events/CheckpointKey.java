package dev.postbus.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer's key for checkpoints, made once and kept in its state: a line with the private key
 * (PKCS #8) and one with the public one, both in base 64.
 *
 * @param privateKey signs
 * @param publicKey as checkpoints carry it
 */
record CheckpointKey(PrivateKey privateKey, String publicKey) {
  static final String FILE = "checkpoint.key";
  private static final Logger log = LoggerFactory.getLogger(CheckpointKey.class);

  /**
   * The key in a folder; a new one if there is none, or none that can be used.
   *
   * @param signedBefore whether there was one once, so that its loss is to be told
   * @throws IOException if a new one cannot be kept
   */
  static CheckpointKey in(Path folder, boolean signedBefore)
      throws IOException, GeneralSecurityException {
    var file = folder.resolve(FILE);
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        return of(Files.readAllLines(file));
      } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
        log.warn("{} holds no key for checkpoints ({})", file, unusable.getClass().getSimpleName());
      }
    }
    var fresh = make(file);
    if (signedBefore) {
      log.warn(
          "the key for checkpoints in {} was lost; a new one signs from now on ({}), and ./postbus"
              + " audit verify tells of the change",
          file,
          CheckpointSignature.fingerprint(fresh.publicKey()));
    }
    return fresh;
  }

  private static CheckpointKey of(List<String> lines) throws GeneralSecurityException {
    if (lines.size() != 2) {
      throw new IllegalArgumentException("not two lines");
    }
    var decoded = Base64.getDecoder().decode(lines.getFirst());
    var privateKey =
        KeyFactory.getInstance(CheckpointSignature.ALGORITHM)
            .generatePrivate(new PKCS8EncodedKeySpec(decoded));
    var key = new CheckpointKey(privateKey, lines.getLast());
    var proof =
        new Checkpoint(
            "",
            List.of(),
            key.publicKey(),
            CheckpointSignature.sign(privateKey, "", "", List.of()));
    if (!CheckpointSignature.isValid(proof, "", "")) {
      throw new IllegalArgumentException("the two keys are no pair");
    }
    return key;
  }

  private static CheckpointKey make(Path file) throws IOException, GeneralSecurityException {
    var pair = KeyPairGenerator.getInstance(CheckpointSignature.ALGORITHM).generateKeyPair();
    var base64 = Base64.getEncoder();
    var publicKey = base64.encodeToString(pair.getPublic().getEncoded());
    var lines = base64.encodeToString(pair.getPrivate().getEncoded()) + "\n" + publicKey + "\n";
    DurableFile.writePrivate(file, lines.getBytes(StandardCharsets.US_ASCII));
    return new CheckpointKey(pair.getPrivate(), publicKey);
  }

  /** Without key material. */
  @Override
  public String toString() {
    return "CheckpointKey " + CheckpointSignature.fingerprint(publicKey);
  }
}
