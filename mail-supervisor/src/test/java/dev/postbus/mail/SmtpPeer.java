package dev.postbus.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Another mail server that brings mail over port 25. */
final class SmtpPeer implements AutoCloseable {
  private Socket socket;
  private BufferedReader in;

  SmtpPeer(int port) throws IOException, GeneralSecurityException {
    use(new Socket(InetAddress.getLoopbackAddress(), port));
    reply();
    ask("EHLO other.test");
    ask("STARTTLS");
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new Anybody()}, null);
    use(tls.getSocketFactory().createSocket(socket, "relay", port, true));
    ask("EHLO other.test");
  }

  /** The last answer to a message; an earlier one if it was refused before. */
  String send(String sender, String recipient, String message) throws IOException {
    var reply = ask("MAIL FROM:<" + sender + ">");
    if (reply.startsWith("2")) {
      reply = ask("RCPT TO:<" + recipient + ">");
    }
    if (reply.startsWith("2")) {
      reply = ask("DATA");
    }
    return reply.startsWith("354")
        ? ask(message + (message.endsWith("\r\n") ? "." : "\r\n."))
        : reply;
  }

  private void use(Socket next) throws IOException {
    socket = next;
    socket.setSoTimeout(60_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private String ask(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return reply();
  }

  private String reply() throws IOException {
    var line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    return String.valueOf(line);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class Anybody implements X509TrustManager {
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
