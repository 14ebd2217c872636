package dev.postbus.dns.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Finds the zone of a domain by asking the servers of the zones above from the top down, as the
 * world does. Who is named in the zone's own SOA record counts for nothing: a hidden primary is not
 * asked by anybody.
 */
final class Delegation {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MOST_SERVERS = 13;
  private static final int SERVERS_TRIED = 3;
  private static final int DEEPEST = 16;

  private final Recursion recursion;
  private final int port;

  /**
   * Delegations as they are now.
   *
   * @param port of all name servers: 53 but for tests
   */
  Delegation(Recursion recursion, int port) {
    this.recursion = recursion;
    this.port = port;
  }

  /**
   * The zone that a domain is in.
   *
   * @throws NoZone if nobody on the way down answers
   */
  Zone zoneOf(Name domain) throws NoZone {
    // The root knows every top-level domain, but a closed network may have only what is below one.
    for (int labels = 2; labels <= domain.labels(); labels++) {
      var top = new Name(domain, domain.labels() - labels);
      var servers = recursion.nameServers(top).stream().limit(SERVERS_TRIED).toList();
      if (!recursion.answered()) {
        throw new NoZone("the resolver does not answer: name another with --resolver");
      }
      if (!servers.isEmpty()) {
        var found = descend(new Zone(top, withAddresses(servers, List.of())), domain);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw new NoZone(
        ("the name servers of %s cannot be found: none of the zones above it answers."
                + " Is the domain registered, and is port 53 open outwards?")
            .formatted(domain));
  }

  private Optional<Zone> descend(Zone top, Name domain) {
    var zone = top;
    for (int i = 0; i < DEEPEST; i++) {
      var step = step(zone, domain);
      var atTop = zone.name().equals(top.name());
      if (step.isEmpty()) {
        // Delegated to servers that do not answer is delegated all the same.
        return atTop ? Optional.empty() : Optional.of(zone);
      }
      if (step.get().name().equals(zone.name())) {
        // What the resolver said may have been cut short.
        return Optional.of(atTop ? whole(zone) : zone);
      }
      zone = step.get();
    }
    return Optional.of(zone);
  }

  private Zone whole(Zone zone) {
    var names = recursion.nameServers(zone.name());
    return new Zone(zone.name(), withAddresses(names, List.of()));
  }

  /** What the first of a zone's servers that answers says: the same zone, or one below it. */
  private Optional<Zone> step(Zone zone, Name domain) {
    var tried = 0;
    for (var server : zone.servers()) {
      for (var address : server.addresses()) {
        if (tried++ >= SERVERS_TRIED) {
          return Optional.empty();
        }
        var next = ask(new InetSocketAddress(address, port), zone, domain);
        if (next.isPresent()) {
          return next;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Zone> ask(InetSocketAddress server, Zone zone, Name domain) {
    try {
      var questions = new Questions(server, PATIENCE);
      var answer = questions.ask(domain, Type.SOA);
      if (answer.getHeader().getFlag(Flags.AA)) {
        var owner = soaOwner(answer);
        // One server may have both zones: it tells of the lower one without a delegation.
        return owner.isPresent() && isBelow(owner.get(), zone.name())
            ? Optional.of(ofItsOwn(owner.get(), questions))
            : owner.map(same -> zone);
      }
      return answer.getRcode() == Rcode.NOERROR
          ? referral(answer, zone.name(), domain)
          : Optional.empty();
    } catch (IOException silent) {
      return Optional.empty();
    }
  }

  private Zone ofItsOwn(Name zone, Questions questions) throws IOException {
    var answer = questions.ask(zone, Type.NS);
    var names =
        targets(
            answer.getSection(Section.ANSWER).stream()
                .filter(r -> r.getName().equals(zone))
                .toList());
    return new Zone(zone, withAddresses(names, answer.getSection(Section.ADDITIONAL)));
  }

  private Optional<Zone> referral(Message answer, Name above, Name domain) {
    var delegated =
        answer.getSection(Section.AUTHORITY).stream()
            .filter(NSRecord.class::isInstance)
            .filter(record -> isBelow(record.getName(), above))
            .filter(record -> domain.subdomain(record.getName()))
            .toList();
    return delegated.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Zone(
                delegated.getFirst().getName(),
                withAddresses(targets(delegated), answer.getSection(Section.ADDITIONAL))));
  }

  private static List<Name> targets(List<Record> records) {
    return records.stream()
        .filter(NSRecord.class::isInstance)
        .map(record -> ((NSRecord) record).getTarget())
        .distinct()
        .limit(MOST_SERVERS)
        .toList();
  }

  private List<NameServer> withAddresses(List<Name> names, List<Record> glue) {
    return names.stream()
        .sorted(Comparator.naturalOrder())
        .map(
            name -> {
              var known = glued(name, glue);
              return new NameServer(name, known.isEmpty() ? recursion.addresses(name) : known);
            })
        .toList();
  }

  private static List<InetAddress> glued(Name name, List<Record> glue) {
    var addresses = new ArrayList<InetAddress>();
    for (var record : glue) {
      if (record.getName().equals(name) && record instanceof ARecord a) {
        addresses.addFirst(a.getAddress());
      } else if (record.getName().equals(name) && record instanceof AAAARecord aaaa) {
        addresses.addLast(aaaa.getAddress());
      }
    }
    return addresses;
  }

  private static Optional<Name> soaOwner(Message answer) {
    for (var section : List.of(Section.ANSWER, Section.AUTHORITY)) {
      for (var record : answer.getSection(section)) {
        if (record instanceof SOARecord) {
          return Optional.of(record.getName());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isBelow(Name name, Name above) {
    return name.subdomain(above) && !name.equals(above);
  }
}
