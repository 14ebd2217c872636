package dev.postbus.dns.wanted;

import static dev.postbus.dns.wanted.WantedRecord.Need.RECOMMENDED;
import static dev.postbus.dns.wanted.WantedRecord.Need.REQUIRED;

import dev.postbus.dns.wanted.WantedRecord.Need;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The records of a relay, those that it needs first. */
public final class WantedRecords {
  private static final Rule ANY_ADDRESS = found -> Optional.empty();

  private final Relay relay;
  private final List<WantedRecord> records = new ArrayList<>();

  private WantedRecords(Relay relay) {
    this.relay = relay;
  }

  /** All of them. Where an address is not known, its record is there with a word in its place. */
  public static List<WantedRecord> of(Relay relay) {
    var wanted = new WantedRecords(relay);
    wanted.addRequired();
    wanted.addRecommended();
    return List.copyOf(wanted.records);
  }

  private void addRequired() {
    addAddresses("A", relay.ipv4());
    addAddresses("AAAA", relay.ipv6());
    add("", "MX", REQUIRED, "10 " + apex(), new TargetRule(apex()));
    add(
        "_mta-sts.",
        "TXT",
        REQUIRED,
        "v=STSv1; id=" + relay.mtaSts(),
        new TagRule("v=STSv1", Map.of("id", policyId())));
    add("mta-sts.", "CNAME", REQUIRED, apex(), new TargetRule(apex()));
    add("www.", "CNAME", REQUIRED, apex(), new TargetRule(apex()));
    var dkim = relay.dkim();
    add(dkim.selector() + "._domainkey.", "TXT", REQUIRED, dkim.text(), new DkimRule(dkim.text()));
  }

  private void addRecommended() {
    var addresses =
        Stream.concat(texts(relay.ipv4()).stream(), texts(relay.ipv6()).stream()).toList();
    add("", "TXT", RECOMMENDED, "v=spf1 a ~all", new SpfRule(relay.domain(), addresses));
    add(
        "_dmarc.",
        "TXT",
        RECOMMENDED,
        "v=DMARC1;p=reject;adkim=s;aspf=s",
        new TagRule(
            "v=DMARC1",
            Map.of(
                "p", Pattern.compile("reject"),
                "adkim", Pattern.compile("s"),
                "aspf", Pattern.compile("s"),
                "pct", Pattern.compile("|100"))));
    if (!relay.issuers().isEmpty()) {
      var values =
          relay.issuers().stream()
              .map(i -> "0 issue %s;accounturi=%s".formatted(i.authority(), i.account()))
              .toList();
      records.add(
          new WantedRecord(apex(), "CAA", RECOMMENDED, values, new CaaRule(relay.issuers())));
    }
    add(
        "_adsp._domainkey.",
        "TXT",
        RECOMMENDED,
        "dkim=discardable",
        new TagRule("dkim=", Map.of("dkim", Pattern.compile("discardable"))));
    addService("_submission", 587);
    addService("_submissions", 465);
    addService("_imap", 143);
    addService("_imaps", 993);
  }

  /** This one, or one that somebody chose; of the kind that is made here, no earlier one. */
  private Pattern policyId() {
    return Pattern.compile("(?!postbus)[A-Za-z0-9]{1,32}|" + Pattern.quote(relay.mtaSts()));
  }

  private void addAddresses(String type, Optional<? extends List<? extends InetAddress>> known) {
    if (known.isPresent()) {
      var addresses = texts(known);
      records.add(new WantedRecord(apex(), type, REQUIRED, addresses, new AddressRule(addresses)));
    } else if (type.equals("A")) {
      records.add(
          new WantedRecord(
              apex(), type, REQUIRED, List.of("an address of this relay"), ANY_ADDRESS));
    }
  }

  private static List<String> texts(Optional<? extends List<? extends InetAddress>> known) {
    return known.stream().flatMap(List::stream).map(AddressText::of).toList();
  }

  private void addService(String service, int port) {
    var target = "%d %s".formatted(port, apex());
    add(service + "._tcp.", "SRV", RECOMMENDED, "0 1 " + target, new TargetRule(target));
  }

  private void add(String prefix, String type, Need need, String value, Rule rule) {
    records.add(new WantedRecord(prefix + apex(), type, need, List.of(value), rule));
  }

  private String apex() {
    return relay.domain() + ".";
  }
}
