package dev.postbus.policy.dkim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A recursive, validating resolver on loopback, which follows aliases and remembers by itself. */
public final class Resolver implements TxtLookup {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final SimpleResolver resolver;

  /** Asks the resolver on a loopback port, over UDP and for large answers over TCP. */
  public Resolver(int port) {
    this(port, PATIENCE);
  }

  Resolver(int port, Duration patience) {
    resolver = new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    resolver.setTimeout(patience);
  }

  @Override
  public List<String> txt(String name) throws NoAnswer {
    Message answer;
    try {
      var question = Record.newRecord(Name.fromString(name + "."), Type.TXT, DClass.IN);
      answer = resolver.send(Message.newQuery(question));
    } catch (TextParseException notAName) {
      return List.of();
    } catch (IOException e) {
      throw new NoAnswer("no answer from the resolver: " + e.getMessage());
    }
    return switch (answer.getRcode()) {
      case Rcode.NOERROR ->
          answer.getSection(Section.ANSWER).stream()
              .filter(TXTRecord.class::isInstance)
              .map(record -> joined((TXTRecord) record))
              .toList();
      case Rcode.NXDOMAIN -> List.of();
      default -> throw new NoAnswer("the resolver says " + Rcode.string(answer.getRcode()));
    };
  }

  private static String joined(TXTRecord record) {
    return record.getStringsAsByteArrays().stream()
        .map(part -> new String(part, StandardCharsets.US_ASCII))
        .collect(Collectors.joining());
  }
}
