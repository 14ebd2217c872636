package dev.postbus.cert.acme;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/** Proves names by a TXT record (RFC 8555, section 8.4), and waits until all servers have it. */
final class DnsChallenges implements Challenges {
  private static final Logger log = LoggerFactory.getLogger(DnsChallenges.class);
  private static final Duration SPREADING = Duration.ofMinutes(3);
  private static final int DNS_PORT = 53;

  private final DnsEditor editor;
  private final Dns dns;
  private final Servers servers;

  /**
   * Challenges.
   *
   * @param editor changes the zone
   * @param dns who knows the zone's servers
   * @param servers which servers must have a record before an authority is told to look
   */
  DnsChallenges(DnsEditor editor, Dns dns, Servers servers) {
    this.editor = editor;
    this.dns = dns;
    this.servers = servers;
  }

  /** Who must have a record. */
  sealed interface Servers {
    /** All servers that the zone names. */
    record OfTheZone() implements Servers {}

    /** These; none: nobody is asked. */
    record These(List<InetSocketAddress> addresses) implements Servers {}
  }

  @Override
  public String type() {
    return Dns01Challenge.TYPE;
  }

  @Override
  public void present(Identifier name, Challenge challenge)
      throws AcmeFailure, InterruptedException {
    var dns01 = (Dns01Challenge) challenge;
    var record = Dns.name(dns01.getRRName(name));
    editor.add(record, dns01.getDigest());
    awaitSpread(record, dns01.getDigest());
  }

  @Override
  public void withdraw(Identifier name, Challenge challenge) {
    var dns01 = (Dns01Challenge) challenge;
    try {
      editor.remove(Dns.name(dns01.getRRName(name)), dns01.getDigest());
    } catch (AcmeFailure left) {
      log.warn("a TXT record is left behind: {}", left.getMessage());
    }
  }

  private void awaitSpread(Name record, String value) throws AcmeFailure, InterruptedException {
    var deadline = System.nanoTime() + SPREADING.toNanos();
    var missing = new ArrayList<>(asked(record));
    while (true) {
      missing.removeIf(server -> has(server, record, value));
      if (missing.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new AcmeFailure(
            FailureKind.CHALLENGE_SETUP,
            "the TXT record %s was set, but %s did not have it within %d s"
                .formatted(record, missing, SPREADING.toSeconds()),
            null);
      }
      Thread.sleep(Duration.ofMillis(500));
    }
  }

  private List<InetSocketAddress> asked(Name record) throws AcmeFailure {
    if (servers instanceof Servers.These these) {
      return these.addresses();
    }
    try {
      var found = new ArrayList<InetSocketAddress>();
      var zone = dns.zoneOf(record);
      for (var server : zone.isPresent() ? dns.nameServers(zone.get()) : List.<Name>of()) {
        dns.addresses(server).stream()
            .findFirst()
            .ifPresent(address -> found.add(new InetSocketAddress(address, DNS_PORT)));
      }
      return found;
    } catch (Dns.NoAnswer e) {
      throw new AcmeFailure(FailureKind.CHALLENGE_SETUP, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean has(InetSocketAddress server, Name record, String value) {
    try {
      return Dns.through(Optional.of(server)).texts(record).contains(value);
    } catch (Dns.NoAnswer notYet) {
      return false;
    }
  }
}
