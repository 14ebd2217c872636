package dev.postbus.cert.foreign;

import dev.postbus.certificates.Pem;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A leaf, signed by an authority of the test's own, and the leaf's key. */
record Made(List<X509Certificate> chain, PrivateKey key) {
  static final String DOMAIN = "relay.test";

  private static final KeyPair AUTHORITY = ec();

  /** How a certificate is made. */
  record Recipe(KeyPair pair, String name, Instant from, Duration validity, String signature) {
    static Recipe usual() {
      return new Recipe(
          ec(),
          DOMAIN,
          Instant.now().minus(Duration.ofHours(1)),
          Duration.ofDays(90),
          "SHA256withECDSA");
    }

    Recipe key(KeyPair other) {
      return new Recipe(other, name, from, validity, signature);
    }

    Recipe forName(String other) {
      return new Recipe(pair, other, from, validity, signature);
    }

    Recipe from(Instant other) {
      return new Recipe(pair, name, other, validity, signature);
    }

    Recipe signedWith(String other) {
      return new Recipe(pair, name, from, validity, other);
    }
  }

  static Made leaf() {
    return by(Recipe.usual());
  }

  static Made by(Recipe recipe) {
    var issuer = new X500Principal("CN=authority");
    var leaf = certificate(new X500Principal("CN=leaf"), issuer, recipe);
    var authority = certificate(issuer, issuer, Recipe.usual().key(AUTHORITY));
    return new Made(List.of(leaf, authority), recipe.pair().getPrivate());
  }

  String certificatePem() {
    return Pem.of(chain);
  }

  String keyPem() {
    return Pem.of(key);
  }

  byte[] certificateFile() {
    return certificatePem().getBytes(StandardCharsets.US_ASCII);
  }

  byte[] keyFile() {
    return keyPem().getBytes(StandardCharsets.US_ASCII);
  }

  static KeyPair ec() {
    return pair("EC", 0);
  }

  static KeyPair pair(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(
      X500Principal subject, X500Principal issuer, Recipe recipe) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(100, new SecureRandom()).add(BigInteger.ONE),
              Date.from(recipe.from()),
              Date.from(recipe.from().plus(recipe.validity())),
              subject,
              recipe.pair().getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, recipe.name())));
      var signer = new JcaContentSignerBuilder(recipe.signature()).build(AUTHORITY.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (java.security.cert.CertificateException
        | java.io.IOException
        | org.bouncycastle.operator.OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
