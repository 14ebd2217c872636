package dev.postbus.cli;

import dev.postbus.dns.check.DnsCheck;
import dev.postbus.dns.check.NoZone;
import dev.postbus.dns.wanted.Relay;
import dev.postbus.dns.wanted.WantedRecords;
import dev.postbus.dns.zone.ZoneText;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "dns",
    description = "Prints the DNS records that the relay needs, and checks them.",
    footer = {
      "",
      "  ./postbus dns zone > chat.example.org.zone   what to put into the zone",
      "  ./postbus dns check                          whether the name servers have it"
    },
    subcommands = {DnsCommand.Zone.class, DnsCommand.Check.class})
final class DnsCommand {
  private DnsCommand() {}

  @Command(
      name = "zone",
      description = "Prints required and recommended records as a part of a zone file.",
      footer = {
        "",
        "  ./postbus dns zone",
        "  ./postbus dns zone --ipv4 203.0.113.5       behind NAT or in a container",
        "  ./postbus dns zone --ipv6 2001:db8::5 --ipv4 203.0.113.5"
      })
  static final class Zone implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private AddressOptions addresses = new AddressOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      var chosen = addresses.chosen();
      var facts = RelayFacts.of(state.ports());
      if (facts.needsNoDns()) {
        sayThatNoneIsNeeded(facts, json);
        return 0;
      }
      var relay = facts.relay(chosen);
      requireAddresses(relay);
      var records = WantedRecords.of(relay);
      System.out.print(
          json
              ? DnsJson.records(facts, records).toPrettyString() + "\n"
              : ZoneText.of(records, facts.notes()));
      return 0;
    }

    private static void requireAddresses(Relay relay) {
      if (relay.ipv4().isEmpty()
          || (relay.ipv4().get().isEmpty() && relay.ipv6().orElse(List.of()).isEmpty())) {
        throw new Failure(
            "this machine has no public address of its own; say where the domain has to lead:"
                + " ./postbus dns zone --ipv4 ADDRESS");
      }
    }
  }

  @Command(
      name = "check",
      description = {
        "Asks the domain's authoritative name servers for the records, each of them.",
        "Exit code 1 if a required record is missing or wrong at one of them."
      },
      footer = {
        "",
        "  ./postbus dns check",
        "  ./postbus dns check --ipv4 203.0.113.5      behind NAT or in a container",
        "  ./postbus dns check --resolver 10.0.0.53    in a closed network"
      })
  static final class Check implements Callable<Integer> {
    private static final Pattern RESOLVER =
        Pattern.compile("\\[?([0-9A-Za-z.:-]+?)]?(?::([0-9]{1,5}))?");

    @Mixin private StateOption state = new StateOption();
    @Mixin private AddressOptions addresses = new AddressOptions();
    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--resolver",
        paramLabel = "HOST[:PORT]",
        description = "Whom to ask for the way to the zone (default: as the machine does).")
    private @Nullable String resolver;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        description = "Port of the name servers (default: 53).")
    private int port = 53;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
      if (port < 1 || port > 65535) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(), "--port must be from 1 to 65535");
      }
      var through = Optional.ofNullable(resolver).map(this::resolver);
      var chosen = addresses.chosen();
      var facts = RelayFacts.of(state.ports());
      if (facts.needsNoDns()) {
        sayThatNoneIsNeeded(facts, json);
        return 0;
      }
      if (facts.domain().matches("(.*\\.)?localhost")) {
        throw new Failure(
            "%s is each machine itself, and nothing in DNS: give the relay a domain with up --domain"
                .formatted(facts.domain()));
      }
      var relay = facts.relay(chosen);
      var notes = notes(relay, facts);
      try {
        var report = new DnsCheck(through, port).run(facts.domain(), WantedRecords.of(relay));
        if (json) {
          System.out.println(DnsJson.report(facts, report, notes).toPrettyString());
        } else {
          System.out.println(DnsReport.text(report));
          notes.forEach(System.out::println);
        }
        return report.works() ? 0 : 1;
      } catch (NoZone e) {
        throw new Failure(String.valueOf(e.getMessage()));
      }
    }

    private static List<String> notes(Relay relay, RelayFacts facts) {
      var notes = new ArrayList<>(facts.notes());
      if (relay.ipv4().isEmpty()) {
        notes.add(
            "Addresses were not compared: this machine has no public one of its own;"
                + " say it with --ipv4.");
      }
      return notes;
    }

    private InetSocketAddress resolver(String text) {
      // An address of IPv6 without a port needs no brackets.
      var match = RESOLVER.matcher(text.matches("[^\\[:]*:[^:]*:.*") ? "[" + text + "]" : text);
      if (match.matches()) {
        var number = match.group(2) == null ? 53 : Integer.parseInt(match.group(2));
        var address =
            number < 1 || number > 65535 ? null : new InetSocketAddress(match.group(1), number);
        if (address != null && !address.isUnresolved()) {
          return address;
        }
      }
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--resolver must be HOST or HOST:PORT, e.g. 192.0.2.53 or [2001:db8::53]:5353,"
              + " and have an address; not: "
              + text);
    }
  }

  private static void sayThatNoneIsNeeded(RelayFacts facts, boolean json) {
    System.out.println(
        json
            ? DnsJson.records(facts, List.of()).toPrettyString()
            : "%s is an address: a relay without a domain needs no DNS records."
                .formatted(facts.domain()));
  }
}
