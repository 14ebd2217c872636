package dev.postbus.cert.acme;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Update;

/** Changes a zone by dynamic update (RFC 2136), signed with a key (TSIG, RFC 8945). */
final class DnsUpdate implements DnsEditor {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long TTL_SECONDS = 60;
  // The form that tsig-keygen and ddns-confgen write, and BIND and Knot's keymgr read.
  private static final Pattern KEY =
      Pattern.compile(
          "key\\s+\"?([A-Za-z0-9._-]+)\"?\\s*\\{\\s*algorithm\\s+\"?([A-Za-z0-9-]+)\"?\\s*;"
              + "\\s*secret\\s+\"?([A-Za-z0-9+/=]+)\"?\\s*;\\s*\\}\\s*;?");

  private final InetSocketAddress server;
  private final Path keyFile;
  private final Optional<Name> zone;

  /**
   * An editor.
   *
   * @param server the zone's primary server
   * @param keyFile the key, as {@code tsig-keygen} writes it
   * @param zone the zone; empty to ask the server
   */
  DnsUpdate(InetSocketAddress server, Path keyFile, Optional<Name> zone) {
    this.server = server;
    this.keyFile = keyFile;
    this.zone = zone;
  }

  @Override
  public void add(Name record, String value) throws AcmeFailure {
    var update = new Update(zone(record));
    update.add(new TXTRecord(record, DClass.IN, TTL_SECONDS, value));
    send(update, record);
  }

  @Override
  public void remove(Name record, String value) throws AcmeFailure {
    var update = new Update(zone(record));
    update.delete(new TXTRecord(record, DClass.IN, 0, value));
    send(update, record);
  }

  private Name zone(Name record) throws AcmeFailure {
    if (zone.isPresent()) {
      return zone.get();
    }
    try {
      return Dns.through(Optional.of(server))
          .zoneOf(record)
          .orElseThrow(() -> failure(record, "the server has no zone for it", null));
    } catch (Dns.NoAnswer e) {
      throw failure(record, String.valueOf(e.getMessage()), e);
    }
  }

  private void send(Message update, Name record) throws AcmeFailure {
    var resolver = new SimpleResolver(server);
    resolver.setTimeout(PATIENCE);
    resolver.setTSIGKey(key());
    try {
      var answer = resolver.send(update);
      if (answer.getRcode() != Rcode.NOERROR) {
        throw failure(record, Rcode.string(answer.getRcode()), null);
      }
    } catch (IOException e) {
      throw failure(record, String.valueOf(e.getMessage()), e);
    }
  }

  private TSIG key() throws AcmeFailure {
    try {
      var match = KEY.matcher(Files.readString(keyFile, StandardCharsets.US_ASCII).strip());
      if (match.matches()) {
        var algorithm = TSIG.algorithmToName(match.group(2));
        return new TSIG(
            algorithm,
            Dns.name(match.group(1)),
            java.util.Base64.getDecoder().decode(match.group(3)));
      }
    } catch (IOException e) {
      throw new AcmeFailure(
          FailureKind.CHALLENGE_SETUP, "cannot read " + keyFile + " (POSTBUS_ACME_DNS_KEY)", e);
    } catch (IllegalArgumentException unreadable) {
      // Its message may hold what was read: it stays here.
    }
    throw new AcmeFailure(
        FailureKind.CHALLENGE_SETUP,
        keyFile
            + " (POSTBUS_ACME_DNS_KEY) must hold a key as tsig-keygen writes it:"
            + " key \"NAME\" { algorithm hmac-sha256; secret \"BASE64\"; };",
        null);
  }

  private AcmeFailure failure(
      Name record, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new AcmeFailure(
        FailureKind.CHALLENGE_SETUP,
        "the DNS server %s did not change the TXT record %s: %s".formatted(server, record, why),
        cause);
  }
}
