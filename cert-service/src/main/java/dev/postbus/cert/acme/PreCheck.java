package dev.postbus.cert.acme;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Looks, before an authority does, whether it will find this relay: first asks nginx itself for a
 * token of ours, as it may just be starting, then each name as the authority will ask it.
 */
final class PreCheck {
  private static final Duration STARTING = Duration.ofSeconds(20);
  private static final int PATIENCE_MILLIS = 5000;
  private static final int LARGEST = 8192;

  private final HttpTokens tokens;
  private final InetSocketAddress web;
  private final Front front;
  private final Optional<Dns> dns;

  /**
   * A check.
   *
   * @param web where nginx answers for port 80
   * @param front what is asked at the names' addresses
   * @param dns who knows the names' addresses; empty if names are not to be checked
   */
  PreCheck(HttpTokens tokens, InetSocketAddress web, Front front, Optional<Dns> dns) {
    this.tokens = tokens;
    this.web = web;
    this.front = front;
    this.dns = dns;
  }

  /**
   * What the world sees of nginx.
   *
   * @param port 80 or 443 but for tests
   * @param token whether a token is asked for; otherwise a connection is enough
   */
  record Front(int port, boolean token) {}

  /**
   * Checks all names.
   *
   * @throws AcmeFailure that names what is wrong, and with which address
   */
  void run(List<String> names) throws AcmeFailure, InterruptedException {
    var token = "postbus-check-" + UUID.randomUUID();
    var answer = UUID.randomUUID().toString();
    tokens.put(token, answer);
    try {
      awaitWeb(new Question(token, answer));
      if (dns.isPresent()) {
        for (var name : names) {
          check(dns.get(), name, new Question(token, answer));
        }
      }
    } finally {
      tokens.remove(token);
    }
  }

  private void awaitWeb(Question question) throws AcmeFailure, InterruptedException {
    var deadline = System.nanoTime() + STARTING.toNanos();
    while (true) {
      try {
        if (question.isAnsweredBy(web, "localhost")) {
          return;
        }
      } catch (IOException notYet) {
        // It starts when there is a first certificate.
      }
      if (System.nanoTime() > deadline) {
        throw failure(
            "nginx at %s does not pass on what is asked below %s: see postbus logs web-service"
                .formatted(web, HttpTokens.PATH));
      }
      Thread.sleep(Duration.ofMillis(50));
    }
  }

  private void check(Dns dns, String name, Question question) throws AcmeFailure {
    var failed = "";
    for (var address : addresses(dns, name)) {
      var there = new InetSocketAddress(address, front.port());
      try {
        if (front.token() ? question.isAnsweredBy(there, name) : connects(there)) {
          return;
        }
      } catch (IOException unreachable) {
        // As authorities do, the next address is tried only when this one does not answer at all.
        failed = "%s does not answer at %s: %s".formatted(name, there, unreachable.getMessage());
        continue;
      }
      throw failure(
          "%s at %s answers something else than this relay: do its A and AAAA records, and what"
                  .formatted(name, there)
              + " stands before this machine, lead port 80 here?");
    }
    throw failure(
        failed.isEmpty()
            ? name + " has no address: add its DNS records, see postbus dns zone"
            : failed);
  }

  private static boolean connects(InetSocketAddress there) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(there, PATIENCE_MILLIS);
      return true;
    }
  }

  private static List<InetAddress> addresses(Dns dns, String name) throws AcmeFailure {
    try {
      return name.matches("\\d{1,3}(\\.\\d{1,3}){3}")
          ? List.of(InetAddress.ofLiteral(name))
          : dns.addresses(Dns.name(name));
    } catch (Dns.NoAnswer e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  private static AcmeFailure failure(String why) {
    return new AcmeFailure(
        FailureKind.PRE_CHECK,
        "nothing was ordered: "
            + why
            + " (where the machine cannot reach its own names: POSTBUS_ACME_PRE_CHECK=false)",
        null);
  }

  /** What is asked, and what has to be answered. */
  private record Question(String token, String answer) {
    /** Asks at an address with a name, as no client of the JDK can. */
    boolean isAnsweredBy(InetSocketAddress where, String host) throws IOException {
      try (var socket = new Socket()) {
        socket.connect(
            where.isUnresolved()
                ? new InetSocketAddress(where.getHostString(), where.getPort())
                : where,
            PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        var request =
            "GET %s%s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n"
                .formatted(HttpTokens.PATH, token, host);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var bytes = socket.getInputStream().readNBytes(LARGEST);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.matches("(?s)HTTP/1\\.[01] 200 .*") && text.endsWith("\r\n\r\n" + answer);
      }
    }
  }
}
