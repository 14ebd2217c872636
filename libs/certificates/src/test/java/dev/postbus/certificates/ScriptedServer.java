package dev.postbus.certificates;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Serves one connection: lines to say (S) and to expect (C), then TLS. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final CompletableFuture<String> requestedName = new CompletableFuture<>();
  private final Thread thread;
  private volatile @Nullable String misunderstanding;

  ScriptedServer(MadePair pair, List<String> script, String version) throws Exception {
    var context = context(pair);
    thread = Thread.ofPlatform().start(() -> serve(context, script, version));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  @Nullable String misunderstanding() {
    return misunderstanding;
  }

  /** What the client asked for by SNI, or nothing. */
  String requestedName() {
    return requestedName.join();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SSLContext context, List<String> script, String version) {
    try (var plain = listener.accept()) {
      converse(plain, script);
      try (var tls =
          (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true)) {
        tls.setUseClientMode(false);
        tls.setEnabledProtocols(new String[] {version});
        tls.startHandshake();
        var names = ((ExtendedSSLSession) tls.getSession()).getRequestedServerNames();
        requestedName.complete(
            names.isEmpty() ? "" : ((SNIHostName) names.getFirst()).getAsciiName());
        tls.getInputStream().read();
      }
    } catch (IOException clientIsGone) {
      requestedName.complete("");
    }
  }

  private void converse(Socket plain, List<String> script) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(plain.getInputStream(), StandardCharsets.US_ASCII), 1);
    for (var step : script) {
      var text = step.substring(2);
      if (step.startsWith("S")) {
        plain.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        continue;
      }
      var line = in.readLine();
      if (line == null || !line.matches(text)) {
        misunderstanding = "expected " + text + ", got " + line;
      }
    }
  }

  private static SSLContext context(MadePair pair) throws Exception {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("k", pair.key(), new char[0], pair.chain().toArray(X509Certificate[]::new));
    var factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
