package dev.postbus.policy.push;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates the notification server may have. */
final class Trust {
  private Trust() {}

  /**
   * A context that trusts more than the JDK's roots; empty if those are enough, so that they are
   * read only when the first notification is sent.
   *
   * @param more PEM certificates that are trusted too
   * @throws IOException if that file cannot be read, or holds no certificate
   */
  static Optional<SSLContext> context(Optional<Path> more) throws IOException {
    if (more.isEmpty()) {
      return Optional.empty();
    }
    var file = more.get();
    try (InputStream in = Files.newInputStream(file)) {
      var roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        roots.setCertificateEntry("more-" + roots.size(), certificate);
      }
      if (roots.size() == 0) {
        throw new IOException(file + " holds no certificate");
      }
      for (var root : standardRoots()) {
        roots.setCertificateEntry("standard-" + roots.size(), root);
      }
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers(roots), null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " must hold certificates in PEM form: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> standardRoots() throws GeneralSecurityException {
    var roots = new ArrayList<X509Certificate>();
    for (var manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        roots.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return roots;
  }

  private static TrustManager[] managers(@Nullable KeyStore roots) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    return factory.getTrustManagers();
  }
}
