package dev.postbus.web;

import java.util.List;
import java.util.Optional;

/**
 * Where nginx finds other services, which may be on this machine or in containers of their own.
 *
 * @param mail host of mail-supervisor's daemons, for connections that the ALPN says are mail
 * @param mailHttp host and port of mail-supervisor's own interface, which is asked about
 *     invitations
 * @param certHttp host and port that requests for HTTP-01 tokens are passed on to
 * @param certTls host and port that TLS-ALPN-01 connections are passed on to
 * @param irohHttp host and port of an iroh relay, which clients reach by this web side
 */
record Peers(
    String mail, String mailHttp, String certHttp, String certTls, Optional<String> irohHttp) {
  private static final String HOST = "([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\])";
  private static final String LITERAL = "([0-9.]+|\\[.*)";

  Peers {
    if (!mail.matches(HOST)) {
      throw new IllegalArgumentException(
          "'" + mail + "' is no host: POSTBUS_MAIL_HOST must be a name or an address");
    }
    if (!mailHttp.matches(HOST + ":\\d{1,5}")) {
      throw new IllegalArgumentException(
          "'"
              + mailHttp
              + "' is not where mail-supervisor answers: POSTBUS_MAIL_HTTP must be HOST:PORT");
    }
    if (irohHttp.isPresent() && !irohHttp.get().matches(HOST + ":\\d{1,5}")) {
      throw new IllegalArgumentException(
          "'" + irohHttp.get() + "' is no iroh relay: POSTBUS_IROH_HTTP must be HOST:PORT");
    }
    for (var address : List.of(certHttp, certTls)) {
      if (!address.matches(HOST + ":\\d{1,5}")) {
        throw new IllegalArgumentException(
            "'"
                + address
                + "' is not where cert-service answers: POSTBUS_CERT_HTTP and POSTBUS_CERT_TLS"
                + " must be HOST:PORT");
      }
    }
  }

  /** Without an iroh relay. */
  Peers(String mail, String mailHttp, String certHttp, String certTls) {
    this(mail, mailHttp, certHttp, certTls, Optional.empty());
  }

  /**
   * Whether any of those that nginx needs is a name, which may get another address while nginx
   * runs.
   */
  boolean named() {
    return !mail.matches(LITERAL)
        || !certHttp.matches(LITERAL + ":\\d+")
        || !certTls.matches(LITERAL + ":\\d+")
        || !irohHttp.orElse("[]:1").matches(LITERAL + ":\\d+");
  }
}
