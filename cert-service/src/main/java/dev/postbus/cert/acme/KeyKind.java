package dev.postbus.cert.acme;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** What key a certificate gets, a new one each time. */
public enum KeyKind {
  /** EC P-256. */
  EC,
  /** RSA, 2048 bits. */
  RSA;

  KeyPair generate() {
    try {
      var generator = KeyPairGenerator.getInstance(name());
      if (this == EC) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no keys of kind " + name(), e);
    }
  }
}
