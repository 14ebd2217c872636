package dev.postbus.cert.acme;

import dev.postbus.certificates.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/**
 * How acme4j speaks with one authority: trusting the configured roots, asking for the directory
 * once, and keeping the {@code Retry-After} that came with an error of any kind.
 */
final class CaProvider extends GenericAcmeProvider {
  private static final int FIRST_ERROR = 400;

  private final Authority authority;
  private volatile @Nullable Instant retryAfter;
  private volatile @Nullable HttpClient client;

  CaProvider(Authority authority) {
    this.authority = authority;
  }

  /** What the last error asked for, if it did. */
  @Nullable Instant retryAfter() {
    return retryAfter;
  }

  @Override
  public HttpClient createHttpClient(NetworkSettings settings) {
    var builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(settings.getTimeout());
    authority.trust().ifPresent(roots -> builder.sslContext(trusting(roots)));
    var made = builder.build();
    client = made;
    return made;
  }

  /** Ends the connections, if there are any. */
  void closeClient() {
    var made = client;
    if (made != null) {
      made.shutdownNow();
    }
  }

  @Override
  public Connection connect(URI serverUri, NetworkSettings settings, HttpClient client) {
    return new NotingConnection(createHttpConnector(settings, client));
  }

  @Override
  public @Nullable JSON directory(Session session, URI serverUri) throws AcmeException {
    // Null is acme4j's word for "as before".
    return session.hasDirectory() ? null : super.directory(session, serverUri);
  }

  private final class NotingConnection extends DefaultConnection {
    NotingConnection(HttpConnector connector) {
      super(connector);
    }

    @Override
    protected void sendRequest(
        Session session, java.net.URL url, Consumer<HttpRequest.Builder> body) throws IOException {
      super.sendRequest(session, url, body);
      var response = lastResponse;
      if (response != null && response.statusCode() >= FIRST_ERROR) {
        try {
          retryAfter = getRetryAfter().orElse(null);
        } catch (RuntimeException unreadable) {
          retryAfter = null;
        }
      }
    }
  }

  private static SSLContext trusting(Path roots) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var number = 0;
      for (var root : Pem.certificates(Files.readString(roots, StandardCharsets.US_ASCII))) {
        store.setCertificateEntry("root-" + number++, root);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "the roots in "
              + roots
              + " (POSTBUS_ACME_TRUST) cannot be read: it must be a file of PEM certificates",
          e);
    }
  }
}
