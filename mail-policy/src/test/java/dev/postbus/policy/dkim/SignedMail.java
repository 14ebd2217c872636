package dev.postbus.policy.dkim;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.apache.james.jdkim.DKIMSigner;

/** A domain that signs its mail, and the record of its key. */
public final class SignedMail {
  /** Where {@link #record} is to be found below the domain. */
  public static final String SELECTOR = "sel._domainkey.";

  private final KeyPair key;

  /** With an RSA key of so many bits. */
  public SignedMail(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      key = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The base64 of the public key. */
  String publicKey() {
    return Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
  }

  /** The TXT record. */
  public String record() {
    return "v=DKIM1;k=rsa;p=" + publicKey() + ";s=email;t=s";
  }

  /** The message with a signature of a domain before it, as most signers make it. */
  public String signed(String domain, String message) {
    return signedWith(
        "a=rsa-sha256; c=relaxed/simple; h=from:to:subject:from; d=" + domain, message);
  }

  /** The same with tags of the test's choice, but for version, selector, hash and signature. */
  String signedWith(String tags, String message) {
    try {
      var signer = new DKIMSigner("v=1; s=sel; " + tags + "; bh=; b=;", key.getPrivate());
      var bytes = message.getBytes(StandardCharsets.UTF_8);
      return signer.sign(new ByteArrayInputStream(bytes)) + "\r\n" + message;
    } catch (Exception e) {
      throw new IllegalStateException("cannot be signed with " + tags, e);
    }
  }
}
