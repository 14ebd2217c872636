package dev.postbus.certificates;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Connects to a listener as a client would and reports which certificate it serves. */
public final class TlsProbe {
  /** How TLS begins on a listener. */
  public enum Protocol {
    /** At once. */
    TLS,
    /** After STARTTLS of SMTP, RFC 3207. */
    SMTP_STARTTLS,
    /** After STARTTLS of IMAP, RFC 9051 section 6.2.1. */
    IMAP_STARTTLS
  }

  private TlsProbe() {}

  /**
   * The fingerprint of the leaf that is served. Nothing is trusted: this only looks.
   *
   * @param name the name to ask for (SNI), left out where it is not a legal host name
   * @return SHA-256, lower-case hex
   * @throws IOException if there is no TLS to be had there in time
   */
  public static String fingerprint(
      InetSocketAddress address, Protocol protocol, String name, Duration timeout)
      throws IOException {
    try (var plain = new Socket()) {
      plain.connect(address, (int) timeout.toMillis());
      plain.setSoTimeout((int) timeout.toMillis());
      switch (protocol) {
        case TLS -> {}
        case SMTP_STARTTLS -> startTlsInSmtp(plain);
        case IMAP_STARTTLS -> startTlsInImap(plain);
      }
      try (var tls =
          (SSLSocket)
              looking().getSocketFactory().createSocket(plain, name, address.getPort(), true)) {
        var parameters = tls.getSSLParameters();
        parameters.setServerNames(List.of());
        if (name.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+") && !name.matches("[\\d.]+")) {
          parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return StoredCertificate.fingerprint(
            (X509Certificate) tls.getSession().getPeerCertificates()[0]);
      }
    }
  }

  private static void startTlsInSmtp(Socket socket) throws IOException {
    var in = reader(socket);
    expectSmtp(in, "220");
    say(socket, "EHLO probe.invalid");
    expectSmtp(in, "250");
    say(socket, "STARTTLS");
    expectSmtp(in, "220");
  }

  private static void expectSmtp(BufferedReader in, String code) throws IOException {
    String line;
    do {
      line = in.readLine();
      if (line == null || !line.startsWith(code)) {
        throw new IOException("expected " + code + ", got: " + line);
      }
    } while (line.startsWith(code + "-"));
  }

  private static void startTlsInImap(Socket socket) throws IOException {
    var in = reader(socket);
    expectImap(in.readLine(), "* OK");
    say(socket, "a STARTTLS");
    var line = in.readLine();
    while (line != null && line.startsWith("* ")) {
      line = in.readLine();
    }
    expectImap(line, "a OK");
  }

  private static void expectImap(@org.jspecify.annotations.Nullable String line, String beginning)
      throws IOException {
    if (line == null || !line.startsWith(beginning)) {
      throw new IOException("expected " + beginning + ", got: " + line);
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 512);
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static SSLContext looking() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new AnyCertificate()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** Accepts what it is shown: the probe compares fingerprints and sends nothing. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
