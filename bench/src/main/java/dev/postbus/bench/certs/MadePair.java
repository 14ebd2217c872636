package dev.postbus.bench.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A chain of two and its leaf's key, in PEM.
 *
 * @param chain leaf first
 * @param key the leaf's, PKCS #8
 * @param fingerprint of the leaf, SHA-256 in lower-case hex
 */
public record MadePair(String chain, String key, String fingerprint) {
  /** The fingerprint of a certificate. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "pair " + fingerprint;
  }

  /** Makes pairs with openssl, all signed by one authority. */
  public static final class Maker {
    private final Path folder;

    /**
     * Makes the authority.
     *
     * @param folder an empty folder to work in
     */
    public Maker(Path folder) throws IOException, InterruptedException {
      this.folder = folder;
      openssl(
          "req -x509 -nodes -days 3650 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=authority"
              + " -keyout ca.key -out ca.pem");
    }

    /** A pair that is valid for 90 days, with an EC key. */
    public MadePair pair(String name) throws IOException, InterruptedException {
      return pair(name, "EC -pkeyopt ec_paramgen_curve:P-256", 90);
    }

    /**
     * A pair.
     *
     * @param algorithm as openssl genpkey wants it
     * @param days how long it is valid; negative if it has ended
     */
    public MadePair pair(String name, String algorithm, int days)
        throws IOException, InterruptedException {
      openssl("genpkey -algorithm " + algorithm + " -out leaf.key");
      openssl("req -new -key leaf.key -subj /CN=leaf -out leaf.csr");
      Files.writeString(folder.resolve("names"), "subjectAltName=DNS:" + name + "\n");
      openssl(
          "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days "
              + days
              + " -extfile names -out leaf.pem");
      var leaf = Files.readString(folder.resolve("leaf.pem"));
      try (var in = Files.newInputStream(folder.resolve("leaf.pem"))) {
        var certificate =
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        return new MadePair(
            leaf + Files.readString(folder.resolve("ca.pem")),
            Files.readString(folder.resolve("leaf.key")),
            fingerprint(certificate));
      } catch (GeneralSecurityException e) {
        throw new IOException("openssl made a certificate that cannot be read", e);
      }
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
      var command = new ArrayList<>(List.of("openssl"));
      command.addAll(List.of(arguments.split(" ")));
      var said = folder.resolve("said");
      var process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("openssl " + arguments + ": " + Files.readString(said));
      }
    }
  }
}
