package dev.postbus.cli.doctor;

import dev.postbus.doctor.Check;
import dev.postbus.doctor.Finding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Whether the machine's name servers answer. What they say of the relay's domain is another
 * question.
 *
 * @param root of the file system
 * @param port of name servers
 * @param required whether nothing works without: mail comes from and goes to others
 */
record ResolverCheck(Path root, int port, boolean required) implements Check {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final String NEXT =
      "mend /etc/resolv.conf, or open port 53 outwards, by UDP and TCP";

  @Override
  public String name() {
    return "resolver";
  }

  @Override
  public List<Finding> look() {
    var silent = new ArrayList<String>();
    for (var server : servers()) {
      if (answers(server)) {
        return List.of(ok(server + " answers"));
      }
      silent.add(server);
    }
    var said = "no answer from " + String.join(", ", silent);
    return List.of(required ? problem(said, NEXT) : warning(said, NEXT));
  }

  /** As resolv.conf(5) says: without one, it is this machine. */
  private List<String> servers() {
    try (var lines = Files.lines(root.resolve("etc/resolv.conf"))) {
      var servers =
          lines
              .map(line -> line.strip().split("\\s+"))
              .filter(words -> words.length > 1 && words[0].equals("nameserver"))
              .map(words -> words[1])
              .toList();
      return servers.isEmpty() ? List.of("127.0.0.1") : servers;
    } catch (IOException none) {
      return List.of("127.0.0.1");
    }
  }

  /** Whatever it answers, it is there. */
  private boolean answers(String server) {
    try {
      var resolver = new SimpleResolver(new InetSocketAddress(server, port));
      resolver.setTimeout(PATIENCE);
      resolver.send(Message.newQuery(Record.newRecord(Name.root, Type.NS, DClass.IN)));
      return true;
    } catch (IOException silent) {
      return false;
    }
  }
}
