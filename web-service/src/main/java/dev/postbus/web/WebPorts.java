package dev.postbus.web;

import dev.postbus.applier.TlsListener;
import dev.postbus.certificates.TlsProbe.Protocol;
import java.util.List;

/**
 * The ports that nginx listens on and passes on to.
 *
 * @param offset added to each
 */
record WebPorts(int offset) {
  int http() {
    return 80 + offset;
  }

  int https() {
    return 443 + offset;
  }

  /** As {@link #http}, for a proxy. */
  int proxiedHttp() {
    return 8080 + offset;
  }

  /** As {@link #https}, for a proxy. */
  int proxiedHttps() {
    return 8443 + offset;
  }

  /** Where a proxy asks whether to send clients here. */
  int proxyHealth() {
    return 8081 + offset;
  }

  int imap() {
    return 143 + offset;
  }

  int imaps() {
    return 993 + offset;
  }

  int smtp() {
    return 25 + offset;
  }

  int submissions() {
    return 465 + offset;
  }

  int submission() {
    return 587 + offset;
  }

  /** What an address on the web needs behind its host name. */
  String httpsSuffix() {
    return offset == 0 ? "" : ":" + https();
  }

  List<TlsListener> tlsListeners() {
    return List.of(new TlsListener("https", https(), Protocol.TLS));
  }
}
