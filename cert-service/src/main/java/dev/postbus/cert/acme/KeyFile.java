package dev.postbus.cert.acme;

import dev.postbus.certificates.Pem;
import dev.postbus.events.DurableFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A key pair in a PEM file (PKCS #8 and SubjectPublicKeyInfo) that only its owner may read.
 *
 * @param file lies in a folder that nobody else may enter, which must exist when it is written
 */
record KeyFile(Path file) {
  /**
   * The pair, if there is one.
   *
   * @throws IllegalStateException if the file cannot be read as one; nothing of it is shown
   */
  Optional<KeyPair> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    PrivateKey secret = null;
    PublicKey open = null;
    try (var parser =
        new PEMParser(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)))) {
      var converter = new JcaPEMKeyConverter();
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        switch (object) {
          case PrivateKeyInfo info -> secret = converter.getPrivateKey(info);
          case SubjectPublicKeyInfo info -> open = converter.getPublicKey(info);
          default -> throw new IOException("something else than a key");
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      // The parser's message may hold what it read: it stays here.
      secret = null;
    }
    if (secret == null || open == null) {
      throw new IllegalStateException(
          file + " is damaged: restore it, or remove it to begin anew with another key");
    }
    return Optional.of(new KeyPair(open, secret));
  }

  void write(KeyPair pair) {
    try {
      var text = new StringWriter();
      text.write(Pem.of(pair.getPrivate()));
      try (var pem = new PemWriter(text)) {
        pem.writeObject(new PemObject("PUBLIC KEY", pair.getPublic().getEncoded()));
      }
      DurableFile.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  void delete() {
    OwnFiles.remove(file);
  }
}
