package dev.postbus.web;

import dev.postbus.certificates.Pem;
import dev.postbus.certificates.StoredCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;

/** A certificate with its key. */
final class MadePair {
  private MadePair() {}

  /** As the store would hold it, self-signed, for the relay of these tests. */
  static StoredCertificate in(Path state, String name) throws IOException {
    var made = Files.createDirectories(state.resolve("made").resolve(name));
    try {
      new ProcessBuilder(
              "openssl",
              "req",
              "-x509",
              "-newkey",
              "rsa:2048",
              "-nodes",
              "-days",
              "30",
              "-subj",
              "/CN=" + name,
              "-addext",
              "subjectAltName=DNS:_relay.test",
              "-keyout",
              made.resolve("privkey.pem").toString(),
              "-out",
              made.resolve("fullchain.pem").toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      var chain = Pem.certificates(Files.readString(made.resolve("fullchain.pem")));
      return new StoredCertificate(made, chain);
    } catch (InterruptedException | CertificateException e) {
      throw new IOException(e);
    }
  }
}
