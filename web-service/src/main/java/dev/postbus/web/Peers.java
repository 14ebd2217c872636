package dev.postbus.web;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where nginx finds other services, which may be on this machine or in containers of their own.
 *
 * @param mail host of mail-supervisor's daemons, for connections that the ALPN says are mail
 * @param certHttp host and port that requests for HTTP-01 tokens are passed on to
 * @param certTls host and port that TLS-ALPN-01 connections are passed on to
 * @param irohHttp host and port of an iroh relay, which clients reach by this web side
 * @param turn host and port of a TURN server, which clients reach by TLS on this one's port if they
 *     say so by ALPN (RFC 7443)
 */
record Peers(
    String mail,
    String certHttp,
    String certTls,
    Optional<String> irohHttp,
    Optional<String> turn) {
  private static final String HOST = "([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\])";
  private static final String LITERAL = "([0-9.]+|\\[.*)";

  Peers {
    if (!mail.matches(HOST)) {
      throw new IllegalArgumentException(
          "'" + mail + "' is no host: POSTBUS_MAIL_HOST must be a name or an address");
    }
    requirePort(certHttp, "where cert-service answers", "POSTBUS_CERT_HTTP");
    requirePort(certTls, "where cert-service answers", "POSTBUS_CERT_TLS");
    irohHttp.ifPresent(address -> requirePort(address, "an iroh relay", "POSTBUS_IROH_HTTP"));
    turn.ifPresent(address -> requirePort(address, "a TURN server", "POSTBUS_TURN"));
  }

  /** Without what a relay need not have. */
  Peers(String mail, String certHttp, String certTls) {
    this(mail, certHttp, certTls, Optional.empty(), Optional.empty());
  }

  private static void requirePort(String address, String what, String variable) {
    if (!address.matches(HOST + ":\\d{1,5}")) {
      throw new IllegalArgumentException(
          "'%s' is not %s: %s must be HOST:PORT".formatted(address, what, variable));
    }
  }

  /**
   * Whether any of those that nginx needs is a name, which may get another address while nginx
   * runs.
   */
  boolean named() {
    var addresses =
        Stream.concat(
            Stream.of(certHttp, certTls), Stream.of(irohHttp, turn).flatMap(Optional::stream));
    return !mail.matches(LITERAL) || addresses.anyMatch(one -> !one.matches(LITERAL + ":\\d+"));
  }
}
