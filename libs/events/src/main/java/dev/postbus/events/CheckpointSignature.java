package dev.postbus.events;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** What a {@link Checkpoint} signs, and whether it did. */
public final class CheckpointSignature {
  static final String ALGORITHM = "Ed25519";
  private static final String PURPOSE = "postbus checkpoint v1";

  private CheckpointSignature() {}

  /**
   * Whether a checkpoint's signature is that of its key over its heads.
   *
   * @param source of the event that carries it
   * @param subject the mail domain of that event
   */
  public static boolean isValid(Checkpoint checkpoint, String source, String subject) {
    return isValid(
        checkpoint.publicKey(),
        signed(source, subject, checkpoint.heads()),
        checkpoint.signature());
  }

  static boolean isValid(String publicKey, byte[] signed, String signature) {
    try {
      var key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
      var check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(signed);
      return check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException noKeyOrNoSignature) {
      return false;
    }
  }

  /** A key's name for people: SHA-256 of its SubjectPublicKeyInfo, lower-case hex. */
  public static String fingerprint(String publicKey) {
    try {
      var bytes = Base64.getDecoder().decode(publicKey);
      return HexFormat.of().formatHex(RecordDigest.sha256().digest(bytes));
    } catch (IllegalArgumentException noBase64) {
      return "none";
    }
  }

  static String sign(
      PrivateKey key, String source, String subject, List<Checkpoint.ChainHead> heads)
      throws GeneralSecurityException {
    return sign(key, signed(source, subject, heads));
  }

  static String sign(PrivateKey key, byte[] signed) throws GeneralSecurityException {
    var signature = Signature.getInstance(ALGORITHM);
    signature.initSign(key);
    signature.update(signed);
    return Base64.getEncoder().encodeToString(signature.sign());
  }

  private static byte[] signed(String source, String subject, List<Checkpoint.ChainHead> heads) {
    var parts = new ArrayList<>(List.of(PURPOSE, source, subject));
    for (var head : heads) {
      parts.addAll(List.of(head.topic(), Long.toString(head.sequence()), head.digest()));
    }
    return bytesOf(parts);
  }

  /** Parts, each preceded by its length as four bytes. */
  static byte[] bytesOf(List<String> parts) {
    var bytes = new ByteArrayOutputStream();
    for (var part : parts) {
      var utf8 = part.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
      bytes.writeBytes(utf8);
    }
    return bytes.toByteArray();
  }
}
