package dev.postbus.dns.check;

import java.net.InetAddress;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * A name server of a zone.
 *
 * @param name as the zone above names it
 * @param addresses in the order in which they are tried; none if nobody knows them
 */
record NameServer(Name name, List<InetAddress> addresses) {
  NameServer {
    addresses = List.copyOf(addresses);
  }
}
