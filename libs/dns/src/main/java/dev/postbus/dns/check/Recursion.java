package dev.postbus.dns.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * A resolver, which is asked only for the way to a zone: what it says about the zone itself may be
 * an hour old.
 */
final class Recursion {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int TRIES = 2;

  private final Resolver resolver;
  private boolean answered;

  /** Asks a server, or those that the machine asks. */
  Recursion(Optional<InetSocketAddress> server) {
    resolver = server.<Resolver>map(SimpleResolver::new).orElseGet(Recursion::ofTheMachine);
    resolver.setTimeout(PATIENCE);
  }

  private static Resolver ofTheMachine() {
    var all = new ExtendedResolver();
    all.setRetries(1);
    return all;
  }

  /** Whether it has answered anything yet. */
  boolean answered() {
    return answered;
  }

  /** The names of a zone's servers; none if it is no zone, or nobody says. */
  List<Name> nameServers(Name zone) {
    return ask(zone, Type.NS).stream()
        .filter(record -> record.getName().equals(zone))
        .filter(NSRecord.class::isInstance)
        .map(record -> ((NSRecord) record).getTarget())
        .toList();
  }

  /** Addresses, IPv4 first, as not every machine has the other. */
  List<InetAddress> addresses(Name host) {
    var addresses = new ArrayList<InetAddress>();
    for (var record : ask(host, Type.A)) {
      if (record instanceof ARecord a) {
        addresses.add(a.getAddress());
      }
    }
    for (var record : ask(host, Type.AAAA)) {
      if (record instanceof AAAARecord aaaa) {
        addresses.add(aaaa.getAddress());
      }
    }
    return addresses;
  }

  private List<Record> ask(Name name, int type) {
    for (int i = 0; i < TRIES; i++) {
      try {
        var answer = resolver.send(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
        answered = true;
        return answer.getSection(Section.ANSWER);
      } catch (IOException silent) {
        // A packet may have been lost.
      }
    }
    return List.of();
  }
}
