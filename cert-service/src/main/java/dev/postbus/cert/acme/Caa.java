package dev.postbus.cert.acme;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.Name;

/** Whether CAA records let an authority issue (RFC 8659, and RFC 8657 for the parameters). */
final class Caa {
  private static final int CRITICAL = 128;

  private final Dns dns;

  Caa(Dns dns) {
    this.dns = dns;
  }

  /**
   * Who wants to issue, and how.
   *
   * @param domains by which CAA records name the authority
   * @param account the account's URL
   * @param method the type of challenge
   */
  record Issuer(Collection<String> domains, String account, String method) {}

  /** Why the records of a name keep an authority from issuing; empty where they do not. */
  Optional<String> refusal(String name, Issuer issuer) throws Dns.NoAnswer {
    for (var at = Dns.name(name); at.labels() > 1; at = new Name(at, 1)) {
      var records = dns.caa(at);
      if (!records.isEmpty()) {
        return refusal(at, records, issuer);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> refusal(Name at, List<CAARecord> records, Issuer issuer) {
    for (var record : records) {
      if ((record.getFlags() & CRITICAL) != 0
          && !List.of("issue", "issuewild", "iodef").contains(tag(record))) {
        return Optional.of(
            "CAA of %s has a critical property that nobody here knows: %s"
                .formatted(at, record.getTag()));
      }
    }
    var issue = records.stream().filter(record -> tag(record).equals("issue")).toList();
    if (issue.isEmpty() || issue.stream().anyMatch(record -> allows(record, issuer))) {
      return Optional.empty();
    }
    return Optional.of(
        "CAA of %s lets only %s issue, which is not %s with the account %s by %s"
            .formatted(
                at,
                issue.stream().map(CAARecord::getValue).toList(),
                issuer.domains(),
                issuer.account(),
                issuer.method()));
  }

  private static String tag(CAARecord record) {
    return record.getTag().toLowerCase(Locale.ROOT);
  }

  private static boolean allows(CAARecord record, Issuer issuer) {
    var parts = record.getValue().split(";", -1);
    var domain = parts[0].strip().toLowerCase(Locale.ROOT);
    if (!issuer.domains().contains(domain)) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      var parameter = parts[i].strip().split("=", 2);
      if (parameter.length == 2) {
        var value = parameter[1].strip();
        var fits =
            switch (parameter[0].strip().toLowerCase(Locale.ROOT)) {
              case "accounturi" -> value.equals(issuer.account());
              case "validationmethods" -> List.of(value.split(",")).contains(issuer.method());
              default -> true;
            };
        if (!fits) {
          return false;
        }
      }
    }
    return true;
  }
}
