package dev.postbus.dns.wanted;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The sender policy lets the relay send and others not (RFC 7208).
 *
 * @param domain the relay's
 * @param addresses the relay's, as they are written
 */
record SpfRule(String domain, List<String> addresses) implements Rule {
  @Override
  public boolean concerns(String found) {
    var text = found.toLowerCase(Locale.ROOT);
    return text.equals("v=spf1") || text.startsWith("v=spf1 ");
  }

  @Override
  public Optional<String> problem(List<String> found) {
    if (found.size() > 1) {
      return Optional.of("there are %d policies, which is an error".formatted(found.size()));
    }
    var terms = Arrays.asList(found.getFirst().toLowerCase(Locale.ROOT).strip().split("\\s+"));
    if (terms.stream().noneMatch(this::letsTheRelaySend)) {
      return Optional.of("has neither a nor another term that lets the relay send");
    }
    if (terms.stream().noneMatch(Set.of("~all", "-all")::contains)) {
      return Optional.of("lets everybody send: it needs ~all or -all");
    }
    return Optional.empty();
  }

  private boolean letsTheRelaySend(String term) {
    var mechanism = term.replaceFirst("^\\+", "");
    var own = domain.toLowerCase(Locale.ROOT);
    return Set.of("a", "mx", "a:" + own, "mx:" + own).contains(mechanism)
        || addresses.stream().anyMatch(a -> Set.of("ip4:" + a, "ip6:" + a).contains(mechanism));
  }
}
