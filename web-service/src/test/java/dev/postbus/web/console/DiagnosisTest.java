package dev.postbus.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postbus.web.console.RelayState.ProcessRow;
import dev.postbus.web.console.RelayState.ServiceRow;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found where services say this and that. */
class DiagnosisTest {
  private static final JsonNode NOTHING = MissingNode.getInstance();
  private static final ServiceRow SERVES =
      new ServiceRow(
          "web-service",
          "ready",
          true,
          "1",
          "",
          List.of(new ProcessRow("nginx", "ready", true, "", 0)));

  private final Diagnosis diagnosis =
      new Diagnosis(Clock.fixed(Instant.parse("2026-11-26T12:00:00Z"), ZoneOffset.UTC));

  @Test
  void whereAllServesNothingIsFound() throws Exception {
    var state =
        new RelayState(
            List.of(SERVES),
            json("{'problems':[]}"),
            json("{'warnings':[],'notAfter':'2027-02-01T00:00:00Z'}"),
            json("{'queue':{'active':3}}"),
            json("[{'check':'disk','level':'ok','message':'much','next':null}]"));

    assertThat(diagnosis.of(state)).isEmpty();
    assertThat(Diagnosis.right(state)).containsExactly("disk: much");
  }

  @Test
  void whoIsAwayAndWhatDoesNotServeIsAProblem() {
    var state =
        services(
            new ServiceRow("cert-service", "away", false, "", "", List.of()),
            new ServiceRow(
                "mail-supervisor",
                "not ready",
                false,
                "1",
                "",
                List.of(new ProcessRow("dovecot", "gave-up", false, "", 6))));

    assertThat(diagnosis.of(state))
        .allMatch(Finding::problem)
        .extracting(one -> one.where() + " " + one.what())
        .containsExactly(
            "cert-service is away", "mail-supervisor is not ready", "dovecot is gave-up");
    assertThat(diagnosis.of(state).getLast().next())
        .contains("./postbus logs mail-supervisor", "./postbus down");
  }

  @Test
  void problemsComeBeforeWarningsAndEachHasANextStep() throws Exception {
    var state =
        new RelayState(
            List.of(new ServiceRow("web-service", "ready", true, "1", "pages/x.md: no", List.of())),
            json("{'problems':[{'message':'no such key'}]}"),
            json("{'warnings':['it is imported'],'notAfter':'2026-11-26T11:00:00Z'}"),
            json("{'queue':{'active':300,'deferred':300}}"),
            json("[{'check':'limits','level':'warning','message':'few','next':'more'}]"));

    var found = diagnosis.of(state);

    assertThat(found)
        .extracting(one -> (one.problem() ? "problem " : "") + one.where() + " " + one.what())
        .containsExactly(
            "problem certificate has ended at 2026-11-26 11:00:00",
            "web-service pages/x.md: no",
            "configuration no such key",
            "certificate it is imported",
            "Postfix 600 messages wait in its queue",
            "machine, limits few");
    assertThat(found).noneMatch(one -> one.next().isEmpty());
    assertThat(DoctorPage.count(found)).isEqualTo("1 problem, 5 warnings");
  }

  @Test
  void whatCertServiceSaysOfItselfIsSaidOnce() throws Exception {
    var state =
        new RelayState(
            List.of(new ServiceRow("cert-service", "ready", true, "1", "no order", List.of())),
            NOTHING,
            json("{'warnings':['no order']}"),
            NOTHING,
            NOTHING);

    assertThat(diagnosis.of(state)).hasSize(1);
  }

  private static RelayState services(ServiceRow... services) {
    return new RelayState(List.of(services), NOTHING, NOTHING, NOTHING, NOTHING);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
