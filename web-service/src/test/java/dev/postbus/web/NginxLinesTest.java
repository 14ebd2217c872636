package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.SupervisorListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as nginx writes them. */
class NginxLinesTest {
  private final Visits visits = new Visits();
  private final List<String> passedOn = new ArrayList<>();
  private final NginxLines lines =
      new NginxLines(
          new SupervisorListener() {
            @Override
            public void transition(ProcessStatus before, ProcessStatus after) {}

            @Override
            public void line(String process, String line) {
              passedOn.add(line);
            }
          },
          visits);

  @Test
  void whoAndWhatIsTakenOut() {
    lines.line(
        "nginx",
        "2026/11/26 13:31:32 [error] 1#1: *4 connect() failed (111: Connection refused) while connecting"
            + " to upstream, client: 2001:db8::7, server: r.test, request: \"GET /invite/abc, HTTP/1.1\","
            + " upstream: \"http://127.0.0.1:9104/\", host: \"r.test\", referrer: \"https://a.test/,x\"");

    assertThat(passedOn)
        .containsExactly(
            "2026/11/26 13:31:32 [error] 1#1: *4 connect() failed (111: Connection refused) while connecting"
                + " to upstream, server: r.test, upstream: \"http://127.0.0.1:9104/\", host: \"r.test\"");
  }

  @Test
  void whatIsCutOffIsTakenOutToo() {
    lines.line("nginx", "2026/11/26 [error] 1#1: x, client: 10.1.2.3, request: \"GET /invite/abc");

    assertThat(passedOn).containsExactly("2026/11/26 [error] 1#1: x");
  }

  @Test
  void visitsAreCountedAndNotPassedOn() {
    lines.line("nginx", "visit start 200");
    lines.line("nginx", "visit new 429");
    lines.line("nginx", "visit start 200");

    assertThat(passedOn).isEmpty();
    assertThat(visits.counts())
        .containsExactly(new Visits.Count("new", 429, 1), new Visits.Count("start", 200, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"visit", "visit start", "visit start 999", "visit a b 200", "visit 1 200"})
  void nothingElseIsAVisit(String line) {
    assertThat(visits.count(line)).isFalse();
    assertThat(visits.counts()).isEmpty();
  }
}
