package dev.postbus.mail;

import dev.postbus.applier.TlsListener;
import dev.postbus.certificates.TlsProbe.Protocol;
import dev.postbus.events.RelayConfiguration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ports of the mail path; every one is shifted by the same offset.
 *
 * @param offset added to each
 */
record MailPorts(int offset) {
  int smtp() {
    return 25 + offset;
  }

  int submissions() {
    return 465 + offset;
  }

  int submission() {
    return 587 + offset;
  }

  int imap() {
    return 143 + offset;
  }

  int imaps() {
    return 993 + offset;
  }

  /** What an address on the web needs behind its host name. */
  String httpsSuffix() {
    return offset == 0 ? "" : ":" + (443 + offset);
  }

  int policyControl() {
    return 9105 + offset;
  }

  /** Dovecot's own metrics on loopback. */
  int dovecotMetrics() {
    return 9106 + offset;
  }

  /** Deliveries from Postfix to Dovecot, on loopback. */
  int lmtp() {
    return 10024 + offset;
  }

  /** DNS on loopback. */
  int resolver() {
    return 10053 + offset;
  }

  /** One of the mail path's inner ports, which the configuration names. */
  int inner(RelayConfiguration configuration, String key) {
    return (int) configuration.number(key) + offset;
  }

  List<TlsListener> tlsListeners() {
    return Stream.of(postfixListeners(), dovecotListeners()).flatMap(List::stream).toList();
  }

  List<TlsListener> postfixListeners() {
    return List.of(
        new TlsListener("smtp", smtp(), Protocol.SMTP_STARTTLS),
        new TlsListener("submissions", submissions(), Protocol.TLS),
        new TlsListener("submission", submission(), Protocol.SMTP_STARTTLS));
  }

  private List<TlsListener> dovecotListeners() {
    return List.of(
        new TlsListener("imap", imap(), Protocol.IMAP_STARTTLS),
        new TlsListener("imaps", imaps(), Protocol.TLS));
  }
}
