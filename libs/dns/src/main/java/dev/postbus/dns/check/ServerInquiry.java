package dev.postbus.dns.check;

import dev.postbus.dns.wanted.AddressText;
import dev.postbus.dns.wanted.WantedRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks one name server for all records; the first of its addresses that knows the zone will do. */
final class ServerInquiry implements Callable<ServerInquiry.Saying> {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int ADDRESSES_TRIED = 4;

  private final Name zone;
  private final NameServer server;
  private final int port;
  private final List<WantedRecord> wanted;

  ServerInquiry(Name zone, NameServer server, int port, List<WantedRecord> wanted) {
    this.zone = zone;
    this.server = server;
    this.port = port;
    this.wanted = wanted;
  }

  /**
   * What it said.
   *
   * @param values of each wanted record, nothing where it does not say; fewer if it ceased to
   *     answer
   */
  record Saying(Report.Server server, List<Optional<List<String>>> values) {}

  @Override
  public Saying call() {
    var problem = "has no address";
    for (var address : server.addresses().stream().limit(ADDRESSES_TRIED).toList()) {
      var text = AddressText.of(address);
      try {
        var questions = new Questions(new InetSocketAddress(address, port), PATIENCE);
        var refusal = refusal(questions.ask(zone, Type.SOA));
        if (refusal.isEmpty()) {
          return ask(questions, address);
        }
        problem = "%s %s".formatted(text, refusal.get());
      } catch (IOException e) {
        problem = "%s does not answer: %s".formatted(text, words(e));
      }
    }
    return new Saying(said(Optional.empty(), Optional.of(problem)), List.of());
  }

  private Saying ask(Questions questions, InetAddress address) {
    var text = Optional.of(AddressText.of(address));
    var problem = Optional.<String>empty();
    var values = new ArrayList<Optional<List<String>>>();
    for (var record : wanted) {
      try {
        var name = Name.fromString(record.name());
        var answer = questions.ask(name, questionFor(record));
        var refusal = refusal(answer);
        values.add(refusal.isEmpty() ? Optional.of(Found.values(answer, name)) : Optional.empty());
        if (refusal.isPresent()) {
          problem = Optional.of("%s, for %s %s".formatted(refusal.get(), record.type(), name));
        }
      } catch (TextParseException e) {
        throw new IllegalArgumentException("not a name for DNS: " + record.name(), e);
      } catch (IOException e) {
        problem = Optional.of("ceased to answer: " + words(e));
        break;
      }
    }
    return new Saying(said(text, problem), List.copyOf(values));
  }

  /** An address in place of an alias is to be seen too; the alias comes with that answer. */
  private static int questionFor(WantedRecord record) {
    return record.type().equals("CNAME") ? Type.A : Type.value(record.type());
  }

  private static Optional<String> refusal(Message answer) {
    return switch (answer.getRcode()) {
      case Rcode.NOERROR, Rcode.NXDOMAIN ->
          answer.getHeader().getFlag(Flags.AA)
              ? Optional.empty()
              : Optional.of("does not have the zone that it is asked for");
      default -> Optional.of("answers " + Rcode.string(answer.getRcode()));
    };
  }

  private static String words(IOException e) {
    if (e instanceof PortUnreachableException || e.getCause() instanceof PortUnreachableException) {
      return "nobody listens";
    }
    var message = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    // dnsjava has several ways to say it.
    return message.toLowerCase(Locale.ROOT).contains("timed out") ? "timed out" : message;
  }

  private Report.Server said(Optional<String> address, Optional<String> problem) {
    return new Report.Server(server.name().toString(), address, problem);
  }
}
