package dev.postbus.dns.check;

import java.util.List;
import org.xbill.DNS.Name;

/**
 * A zone and whom to ask about it.
 *
 * @param name its name
 * @param servers those that the zone above names
 */
record Zone(Name name, List<NameServer> servers) {
  Zone {
    servers = List.copyOf(servers);
  }
}
