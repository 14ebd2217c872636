package dev.postbus.dns.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/** Asks one name server about what it knows itself; a lost packet is no failure. */
final class Questions {
  private static final int TRIES = 2;

  private final SimpleResolver resolver;

  /**
   * Questions to a server.
   *
   * @param patience for each of two tries
   */
  Questions(InetSocketAddress server, Duration patience) {
    resolver = new SimpleResolver(server);
    resolver.setTimeout(patience);
  }

  /**
   * Asks, without the wish that the server asks others.
   *
   * @throws IOException if there is no answer, or one that cannot be read
   */
  Message ask(Name name, int type) throws IOException {
    var query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    query.getHeader().unsetFlag(Flags.RD);
    var last = new IOException("no try was made");
    for (int i = 0; i < TRIES; i++) {
      try {
        return resolver.send(query);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }
}
