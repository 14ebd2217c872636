package dev.postbus.dns.check;

import dev.postbus.dns.check.Report.Answer;
import dev.postbus.dns.check.Report.Outcome;
import dev.postbus.dns.check.Report.State;
import dev.postbus.dns.wanted.WantedRecord;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Compares what is wanted with what each delegated name server says. */
public final class DnsCheck {
  private static final Optional<List<String>> NOTHING = Optional.empty();

  private final Optional<InetSocketAddress> resolver;
  private final int port;

  /**
   * A check.
   *
   * @param resolver who knows the way to the zone; empty for those that the machine asks
   * @param port of all name servers: 53 but for tests
   */
  public DnsCheck(Optional<InetSocketAddress> resolver, int port) {
    this.resolver = resolver;
    this.port = port;
  }

  /**
   * Asks all servers at the same time; takes less than a minute whatever they do.
   *
   * @param domain the relay's, without a dot at the end
   * @throws NoZone if the zone's servers cannot be found
   */
  public Report run(String domain, List<WantedRecord> wanted) throws NoZone, InterruptedException {
    var zone = new Delegation(new Recursion(resolver), port).zoneOf(name(domain));
    var sayings = new ArrayList<ServerInquiry.Saying>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var inquiries =
          zone.servers().stream()
              .map(server -> new ServerInquiry(zone.name(), server, port, wanted))
              .toList();
      for (var saying : pool.invokeAll(inquiries)) {
        sayings.add(of(saying));
      }
    }
    var outcomes = new ArrayList<Outcome>();
    for (int i = 0; i < wanted.size(); i++) {
      outcomes.add(new Outcome(wanted.get(i), answers(sayings, i, wanted.get(i))));
    }
    return new Report(
        zone.name().toString(),
        sayings.stream().map(ServerInquiry.Saying::server).toList(),
        outcomes);
  }

  private static ServerInquiry.Saying of(Future<ServerInquiry.Saying> done) {
    return switch (done.state()) {
      case SUCCESS -> done.resultNow();
      default -> throw new IllegalStateException("an inquiry failed", done.exceptionNow());
    };
  }

  private static List<Answer> answers(
      List<ServerInquiry.Saying> sayings, int index, WantedRecord wanted) {
    var answers = new ArrayList<Answer>();
    for (var saying : sayings) {
      var values = index < saying.values().size() ? saying.values().get(index) : NOTHING;
      if (values.isPresent()) {
        var found = wanted.concerned(values.get());
        var problem = wanted.problem(found);
        var state = problem.isEmpty() ? State.OK : found.isEmpty() ? State.MISSING : State.WRONG;
        answers.add(new Answer(saying.server().name(), found, state, problem));
      }
    }
    return answers;
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("not a name for DNS: " + text, e);
    }
  }
}
