package dev.postbus.cert.acme;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks DNS, without a cache: what is asked has often changed a moment ago. */
final class Dns {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Resolver resolver;

  private Dns(Resolver resolver) {
    this.resolver = resolver;
    resolver.setTimeout(PATIENCE);
  }

  /** Through a server, or those that the machine asks. */
  static Dns through(Optional<InetSocketAddress> server) {
    return new Dns(server.<Resolver>map(SimpleResolver::new).orElseGet(ExtendedResolver::new));
  }

  /** An absolute name. */
  static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("not a name for DNS: " + text, e);
    }
  }

  /** No answer: neither yes nor no. */
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswer(String message) {
      super(message);
    }
  }

  /** Addresses of a name, IPv6 first, as authorities ask them. */
  List<InetAddress> addresses(Name name) throws NoAnswer {
    var found = new ArrayList<InetAddress>();
    for (var record : ask(name, Type.AAAA)) {
      found.add(((AAAARecord) record).getAddress());
    }
    for (var record : ask(name, Type.A)) {
      found.add(((ARecord) record).getAddress());
    }
    return found;
  }

  List<CAARecord> caa(Name name) throws NoAnswer {
    return ask(name, Type.CAA).stream().map(CAARecord.class::cast).toList();
  }

  List<String> texts(Name name) throws NoAnswer {
    return ask(name, Type.TXT).stream()
        .map(record -> String.join("", ((TXTRecord) record).getStrings()))
        .toList();
  }

  /** The zone that a name is in: the nearest one above with an SOA record of its own. */
  Optional<Name> zoneOf(Name name) throws NoAnswer {
    for (var zone = name; zone.labels() > 1; zone = new Name(zone, 1)) {
      for (var record : ask(zone, Type.SOA)) {
        if (record.getName().equals(zone)) {
          return Optional.of(zone);
        }
      }
    }
    return Optional.empty();
  }

  List<Name> nameServers(Name zone) throws NoAnswer {
    return ask(zone, Type.NS).stream().map(record -> ((NSRecord) record).getTarget()).toList();
  }

  private List<Record> ask(Name name, int type) throws NoAnswer {
    var lookup = new Lookup(name, type);
    lookup.setResolver(resolver);
    lookup.setCache(new Cache(DClass.IN));
    lookup.setSearchPath(new Name[0]);
    lookup.setHostsFileParser(null);
    var answers = lookup.run();
    return switch (lookup.getResult()) {
      case Lookup.SUCCESSFUL ->
          answers == null
              ? List.of()
              : Arrays.stream(answers).filter(record -> record.getType() == type).toList();
      case Lookup.HOST_NOT_FOUND, Lookup.TYPE_NOT_FOUND -> List.of();
      default ->
          throw new NoAnswer(
              "DNS does not say what %s %s is: %s"
                  .formatted(Type.string(type), name, lookup.getErrorString()));
    };
  }
}
