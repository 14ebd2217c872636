package dev.postbus.dns.wanted;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Each authority may issue, and for the relay's account alone (RFC 8659, RFC 8657).
 *
 * @param issuers one at least
 */
record CaaRule(List<Relay.Issuer> issuers) implements Rule {
  @Override
  public boolean concerns(String found) {
    var fields = found.split(" ", 3);
    return fields.length == 3 && fields[1].equalsIgnoreCase("issue");
  }

  @Override
  public Optional<String> problem(List<String> found) {
    for (var issuer : issuers) {
      var grants =
          found.stream()
              .map(CaaRule::grant)
              .filter(grant -> grant.authority().equalsIgnoreCase(issuer.authority()))
              .toList();
      if (grants.stream().noneMatch(grant -> grant.account().equals(issuer.account()))) {
        return Optional.of(
            "does not let %s issue for the account of this relay".formatted(issuer.authority()));
      }
      if (grants.stream().anyMatch(grant -> grant.account().isEmpty())) {
        return Optional.of(
            "lets %s issue for any account: one record has no accounturi"
                .formatted(issuer.authority()));
      }
    }
    return Optional.empty();
  }

  private record Grant(String authority, String account) {}

  private static Grant grant(String value) {
    var parts = value.split(" ", 3)[2].split(";");
    var account = "";
    for (int i = 1; i < parts.length; i++) {
      var parameter = parts[i].strip().split("=", 2);
      if (parameter.length == 2
          && parameter[0].strip().toLowerCase(Locale.ROOT).equals("accounturi")) {
        account = parameter[1].strip();
      }
    }
    return new Grant(parts.length == 0 ? "" : parts[0].strip(), account);
  }
}
