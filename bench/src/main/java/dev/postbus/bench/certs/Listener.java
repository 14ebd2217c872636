package dev.postbus.bench.certs;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.AnyTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener that serves the relay's certificate.
 *
 * @param name the protocol and how TLS begins
 * @param host where it is
 * @param port its port
 * @param beginning how TLS begins
 */
public record Listener(String name, String host, int port, Beginning beginning) {
  private static final int PATIENCE_MILLIS = 20_000;

  /** How TLS begins. */
  public enum Beginning {
    /** At once. */
    TLS,
    /** After STARTTLS of SMTP, RFC 3207. */
    SMTP,
    /** After STARTTLS of IMAP, RFC 9051 section 6.2.1. */
    IMAP
  }

  /** All six of a relay. */
  public static List<Listener> of(Target target) {
    return List.of(
        new Listener("smtp", target.host(), target.smtp(), Beginning.SMTP),
        new Listener("submissions", target.host(), target.submissions(), Beginning.TLS),
        new Listener("submission", target.host(), target.submission(), Beginning.SMTP),
        new Listener("imap", target.host(), target.imap(), Beginning.IMAP),
        new Listener("imaps", target.host(), target.imaps(), Beginning.TLS),
        new Listener("https", target.host(), target.https(), Beginning.TLS));
  }

  /**
   * Makes one full handshake, as a new client would.
   *
   * @return the chain that is served, leaf first
   * @throws IOException if there is none to be made
   */
  public List<X509Certificate> handshake() throws IOException {
    try (var plain = new Socket()) {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(PATIENCE_MILLIS);
      plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
      switch (beginning) {
        case TLS -> {}
        case SMTP -> {
          answer(plain, "220");
          ask(plain, "EHLO client.invalid", "250");
          ask(plain, "STARTTLS", "220");
        }
        case IMAP -> {
          answer(plain, "* OK");
          ask(plain, "a STARTTLS", "a OK");
        }
      }
      try (var tls = AnyTls.over(plain)) {
        var chain = new ArrayList<X509Certificate>();
        for (var one : tls.getSession().getPeerCertificates()) {
          chain.add((X509Certificate) one);
        }
        return chain;
      }
    }
  }

  private void ask(Socket socket, String command, String expected) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    answer(socket, expected);
  }

  private void answer(Socket socket, String expected) throws IOException {
    var line = line(socket.getInputStream());
    while (line.startsWith(expected + "-")) {
      line = line(socket.getInputStream());
    }
    if (!line.startsWith(expected)) {
      throw new IOException(name + ": expected " + expected + ", got: " + line);
    }
  }

  /** Byte by byte: what follows STARTTLS must stay in the socket. */
  private String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException(name + ": the server hung up after: " + line);
      }
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }
}
