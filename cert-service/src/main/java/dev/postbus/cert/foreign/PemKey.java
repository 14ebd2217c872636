package dev.postbus.cert.foreign;

import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** A private key out of PEM: PKCS #8, PKCS #1 or SEC 1. Prints nothing of it. */
record PemKey(PrivateKey key) {
  static PemKey read(byte[] file) throws UnusablePair {
    var form = PemForm.of(file);
    var why = form.problem("PRIVATE KEY", "openssl pkey -inform DER -in KEY -out KEY.pem");
    if (why.isPresent()) {
      throw unreadable(why.get());
    }
    try (var parser = new PEMParser(new StringReader(form.text()))) {
      var converter = new JcaPEMKeyConverter();
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo info -> {
            return new PemKey(converter.getPrivateKey(info));
          }
          case PEMKeyPair pair -> {
            return new PemKey(converter.getPrivateKey(pair.getPrivateKeyInfo()));
          }
          case PEMEncryptedKeyPair ignored -> throw encrypted();
          case PKCS8EncryptedPrivateKeyInfo ignored -> throw encrypted();
          default -> {
            // EC keys come with a block of parameters before them.
          }
        }
      }
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The parser's message may hold what it read: it stays here.
      throw unreadable("it is damaged, or of a kind that is not known");
    }
    throw unreadable("there is no key in it");
  }

  @Override
  public String toString() {
    return "a private key";
  }

  private static UnusablePair unreadable(String why) {
    return new UnusablePair(
        List.of(
            "the private key cannot be read: "
                + why
                + "; it must be PEM text, PKCS#8, PKCS#1 or SEC1"),
        true);
  }

  private static UnusablePair encrypted() {
    return new UnusablePair(
        List.of(
            "the private key is encrypted: nobody could type its password at a restart;"
                + " decrypt it first, e.g. with: openssl pkey -in KEY -out PLAIN"),
        false);
  }
}
