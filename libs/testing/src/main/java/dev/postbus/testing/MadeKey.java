package dev.postbus.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key with a certificate that it has signed itself, made by the JDK's keytool. */
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
   * @param file a key store to make
   * @param name DNS name in the certificate
   */
  public static MadeKey in(Path file, String name) throws Exception {
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                tool,
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=made",
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("keytool ended with " + process.exitValue());
    }
    return new MadeKey(KeyStore.getInstance(file.toFile(), PASSWORD));
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
