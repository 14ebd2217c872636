package dev.postbus.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key with a certificate that it has signed itself, made by openssl. */
public final class MadeKey {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String ALIAS = "made";

  private final KeyStore store;

  private MadeKey(KeyStore store) {
    this.store = store;
  }

  /**
   * Makes one.
   *
   * @param file where the key is written, PEM
   * @param name DNS name in the certificate
   */
  public static MadeKey in(Path file, String name) throws Exception {
    // Not by keytool, which would start a JVM for each.
    var process =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-nodes",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-days",
                "90",
                "-subj",
                "/CN=made",
                "-addext",
                "subjectAltName=DNS:" + name,
                "-keyout",
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var certificate = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException("openssl ended with " + process.exitValue());
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var made =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate));
    store.setKeyEntry(ALIAS, read(file), PASSWORD, new Certificate[] {made});
    return new MadeKey(store);
  }

  private static PrivateKey read(Path file) throws IOException, GeneralSecurityException {
    var body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    return KeyFactory.getInstance("EC").generatePrivate(encoded);
  }

  /** The certificate. */
  public X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate) store.getCertificate(ALIAS);
  }

  /** The private key. */
  public PrivateKey key() throws GeneralSecurityException {
    return (PrivateKey) store.getKey(ALIAS, PASSWORD);
  }

  /** Writes the certificate as PEM. */
  public Path writeCertificate(Path file) throws Exception {
    var body =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate().getEncoded());
    return Files.writeString(
        file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
  }

  /** What a server with this certificate speaks TLS with. */
  public SSLContext serverTls() throws GeneralSecurityException {
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    var tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return tls;
  }
}
