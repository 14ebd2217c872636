package dev.postbus.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.dns.wanted.Relays;
import dev.postbus.dns.wanted.WantedRecords;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZoneTextTest {
  @Test
  void recordsAreAsBindReadsThem() {
    var text = ZoneText.of(WantedRecords.of(Relays.complete("relay.test")), List.of("a note"));

    assertThat(text.lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "; Required",
            "relay.test. 3600 IN A 192.0.2.1",
            "relay.test. 3600 IN MX 10 relay.test.",
            "_mta-sts.relay.test. 3600 IN TXT \"v=STSv1; id=postbus0123456789abcdef\"",
            "; Recommended",
            "relay.test. 3600 IN CAA 0 issue \"ca.example;accounturi=https://ca.example/acct/7\"",
            "_imaps._tcp.relay.test. 3600 IN SRV 0 1 993 relay.test.")
        .endsWith("; a note");
  }

  @Test
  void aLongTextIsCutIntoStrings() {
    assertThat(ZoneText.data("TXT", "a".repeat(255) + "b"))
        .isEqualTo("\"" + "a".repeat(255) + "\" \"b\"");
    assertThat(ZoneText.data("TXT", "say \"\\\"")).isEqualTo("\"say \\\"\\\\\\\"\"");
  }
}
