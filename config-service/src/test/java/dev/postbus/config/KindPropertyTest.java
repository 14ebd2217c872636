package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KindPropertyTest {
  private static final List<String> GOOD =
      List.of(
          "",
          "5",
          "10080",
          "500M",
          "true",
          "relay.example",
          "_relay.test",
          "192.0.2.1",
          "/c /k",
          "/pages",
          "disabled",
          "me@relay.example",
          "https://relay.example:8443/x",
          "2001:db8::1",
          "Main Street 1");
  private static final List<String> HOSTILE =
      List.of(
          "\n", "\r", "\r\n", "\0", "\t", "\u000b", "\u000c", "\u001b", "\u0085", "\u2028",
          "\u2029", ";", "$", "${x}", "$(x)", "{", "}", "`x`", "\"", "\\", "'", "#", " ", "\u00a0",
          "\ufeff", "\ud800", "\u212a", "=", ",", "|", "<", ">", "%u", "..", "//", "-o", "@", ":",
          "[", "]");

  @Property(tries = 20_000)
  void noKeyLetsThroughWhatADaemonsSyntaxWouldTake(@ForAll("values") String value) {
    for (var key : Keys.list()) {
      var taken = key.kind().canonical(value);

      taken.ifPresent(
          canonical -> {
            assertThat(canonical.chars())
                .as("%s = %s", key.name(), value)
                .noneMatch(
                    c -> Character.isISOControl(c) || "${};`\\\"\u2028\u2029".indexOf(c) >= 0);
            assertThat(canonical).isEqualTo(canonical.strip());
            assertThat(key.kind().canonical(canonical)).isEqualTo(Optional.of(canonical));
            if (!(key.kind() instanceof Kind.Text)) {
              // Only what people read may have other letters than these.
              assertThat(canonical).as(key.name()).matches("[A-Za-z0-9._/+@=:\\[\\] -]*");
            }
          });
    }
  }

  @Property(tries = 500)
  void whatIsTakenIsWrittenAsOneLineAndReadAsTheSame(@ForAll("values") String value)
      throws InvalidConfiguration {
    for (var key : Keys.list()) {
      if (key.kind().canonical(value).isEmpty() || key.name().equals("mail_domain")) {
        continue;
      }
      var operator = Map.of("mail_domain", "relay.example", key.name(), value);
      Resolved first;
      try {
        first = Resolved.of(new Layers(Map.of(), Map.of(), operator));
      } catch (InvalidConfiguration withOthers) {
        continue;
      }
      var written = IniFile.render(first.plain()).getBytes(StandardCharsets.UTF_8);
      var again = Resolved.of(new Layers(IniFile.parse(written), Map.of(), Map.of()));

      assertThat(again.plain()).as(key.name()).isEqualTo(first.plain());
    }
  }

  @Provide
  Arbitrary<String> values() {
    var part =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.of(GOOD)),
            net.jqwik.api.Tuple.of(3, Arbitraries.of(HOSTILE)),
            net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(5)));
    return Combinators.combine(Arbitraries.of(GOOD), part.list().ofMaxSize(3), part)
        .as((first, parts, last) -> first + String.join("", parts) + last);
  }
}
