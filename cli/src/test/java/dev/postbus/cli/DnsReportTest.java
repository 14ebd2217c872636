package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.dns.check.Report;
import dev.postbus.dns.check.Report.Answer;
import dev.postbus.dns.check.Report.Outcome;
import dev.postbus.dns.check.Report.Server;
import dev.postbus.dns.check.Report.State;
import dev.postbus.dns.wanted.WantedRecord;
import dev.postbus.dns.wanted.WantedRecord.Need;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DnsReportTest {
  private static final WantedRecord MX = wanted("relay.test.", "MX", Need.REQUIRED);
  private static final WantedRecord SPF = wanted("relay.test.", "TXT", Need.RECOMMENDED);

  @Test
  void whatServersSayDifferentlyIsShownForEach() {
    var text =
        text(
            new Outcome(
                MX,
                List.of(
                    new Answer("ns1.", List.of("1"), State.OK, Optional.empty()),
                    new Answer("ns2.", List.of(), State.MISSING, Optional.of("missing")),
                    new Answer("ns3.", List.of("x"), State.WRONG, Optional.of("leads away")),
                    new Answer("ns4.", List.of("1"), State.OK, Optional.empty()))));

    assertThat(text)
        .contains(
            """
            Required
              MISSING MX    relay.test.
                      wanted  w1 | w2
                      found   1  at ns1., ns4.
                      found   nothing  at ns2.
                      found   x  at ns3.
                              leads away
            """)
        .endsWith("Not as wanted: 1 required, 0 recommended; ./postbus dns zone prints what is.");
  }

  @Test
  void whatIsRightIsALine() {
    var answer = new Answer("ns1.", List.of("y".repeat(100)), State.OK, Optional.empty());

    var text = text(new Outcome(SPF, List.of(answer)));

    assertThat(text).contains("\n  ok      TXT   relay.test.  " + "y".repeat(60) + "…\n");
    assertThat(text).endsWith("All records are there.");
  }

  @Test
  void serversThatAnswerAndThoseThatDoNotAreNamed() {
    assertThat(text(new Outcome(SPF, List.of())))
        .startsWith(
            """
            zone test., asked at its name servers:
              ns1. (192.0.2.53)
              ns2.: 192.0.2.54 does not answer: timed out
            """)
        .contains("UNKNOWN TXT   relay.test.\n");
  }

  private static String text(Outcome outcome) {
    var servers =
        List.of(
            new Server("ns1.", Optional.of("192.0.2.53"), Optional.empty()),
            new Server(
                "ns2.", Optional.empty(), Optional.of("192.0.2.54 does not answer: timed out")));
    return DnsReport.text(new Report("test.", servers, List.of(outcome)));
  }

  private static WantedRecord wanted(String name, String type, Need need) {
    return new WantedRecord(name, type, need, List.of("w1", "w2"), found -> Optional.empty());
  }
}
