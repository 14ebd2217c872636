package dev.postbus.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What this service is told by its environment.
 *
 * @param state root of the state; this service uses {@code web}
 * @param bind address of the public listeners; {@code *} for all
 * @param ports the ports
 * @param apiPort this service's own HTTP port on loopback
 * @param acme where cert-service proves to authorities that names are ours
 * @param mailHost where IMAP and SMTP are passed on to, on their ports; a name or an address
 */
record WebSettings(
    Path state, String bind, WebPorts ports, int apiPort, AcmeResponder acme, String mailHost) {
  // sun_path of sockaddr_un has 108 bytes with the terminating zero, see unix(7).
  private static final int LONGEST_SOCKET_PATH = 107;

  /**
   * Where cert-service answers.
   *
   * @param http host and port that requests for HTTP-01 tokens are passed on to
   * @param tls host and port that TLS-ALPN-01 connections are passed on to
   */
  record AcmeResponder(String http, String tls) {
    private static final String ADDRESS = "([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}";

    AcmeResponder {
      for (var address : List.of(http, tls)) {
        if (!address.matches(ADDRESS)) {
          throw new IllegalArgumentException(
              "'"
                  + address
                  + "' is not where cert-service answers: POSTBUS_CERT_HTTP and POSTBUS_CERT_TLS"
                  + " must be HOST:PORT");
        }
      }
    }
  }

  WebSettings {
    if (!mailHost.matches("[A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\]")) {
      throw new IllegalArgumentException(
          "'"
              + mailHost
              + "' is not where the mail daemons are: POSTBUS_MAIL_HOST must be a name, an IPv4 address"
              + " or an IPv6 address in brackets");
    }
    state = state.toAbsolutePath().normalize();
    var longest = state.resolve("web/run/submissions.sock").toString();
    if (longest.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH
        || !longest.matches("[A-Za-z0-9/._+-]+")) {
      throw new IllegalArgumentException(
          "the state folder's path "
              + state
              + " must be shorter, with letters, digits and /._+- only: nginx has sockets below it");
    }
  }

  /** Whom nginx passes on to, as HOST:PORT. */
  List<String> peers() {
    return List.of(imaps(), submissions(), acme.http(), acme.tls());
  }

  String imaps() {
    return mailHost + ":" + ports.imaps();
  }

  String submissions() {
    return mailHost + ":" + ports.submissions();
  }

  Path folder() {
    return state.resolve("web");
  }

  Path run() {
    return folder().resolve("run");
  }

  Path rendered() {
    return folder().resolve("rendered");
  }

  Path certs() {
    return state.resolve("certs");
  }
}
