package dev.postbus.bench.mail;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS with whoever answers: relays under test sign their own certificates. */
public final class AnyTls {
  private static final SSLContext context = newContext();
  private static final AtomicLong connections = new AtomicLong();

  private AnyTls() {}

  /**
   * Makes a connection one over TLS, always with a full handshake.
   *
   * @param protocols what the client offers to speak (RFC 7301)
   */
  public static SSLSocket over(Socket socket, String... protocols) throws IOException {
    // The JDK resumes TLS sessions by name and port: under a name of its own each connection costs
    // the relay what a new client costs it. A name without a dot is not sent as SNI.
    var name = "client" + connections.incrementAndGet();
    var tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, name, socket.getPort(), true);
    var parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  /** A context that takes any certificate, for any name, and has no sessions to resume yet. */
  public static SSLContext newContext() {
    try {
      var made = SSLContext.getInstance("TLS");
      made.init(null, new TrustManager[] {new AnyCertificate()}, null);
      made.getClientSessionContext().setSessionCacheSize(1);
      return made;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An extended one, or the JDK would still compare host names. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
