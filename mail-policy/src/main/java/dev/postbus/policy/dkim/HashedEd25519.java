package dev.postbus.policy.dkim;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** RFC 8463: what Ed25519 signs for DKIM is the SHA-256 digest of the data. */
final class HashedEd25519 extends Signature {
  private final MessageDigest digest;
  private final Signature ed25519;

  HashedEd25519() throws NoSuchAlgorithmException {
    super("ed25519-sha256");
    digest = MessageDigest.getInstance("SHA-256");
    ed25519 = Signature.getInstance("Ed25519");
  }

  @Override
  protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
    digest.reset();
    ed25519.initVerify(key);
  }

  @Override
  protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
    digest.reset();
    ed25519.initSign(key);
  }

  @Override
  protected void engineUpdate(byte b) {
    digest.update(b);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int from, int length) {
    digest.update(bytes, from, length);
  }

  @Override
  protected void engineUpdate(ByteBuffer bytes) {
    digest.update(bytes);
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    ed25519.update(digest.digest());
    return ed25519.verify(signature);
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    ed25519.update(digest.digest());
    return ed25519.sign();
  }

  @Deprecated
  @Override
  protected void engineSetParameter(String name, Object value) {
    throw new InvalidParameterException("there are no parameters");
  }

  @Deprecated
  @Override
  protected Object engineGetParameter(String name) {
    throw new InvalidParameterException("there are no parameters");
  }
}
