package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, sections 3.2 and 3.3. */
class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String WHOLE = "00-" + TRACE + "-" + PARENT + "-01";

  @Test
  void aWellFormedHeaderIsTakenAsItIs() {
    assertThat(of(WHOLE).traceparent()).isEqualTo(WHOLE);
    assertThat(of(WHOLE).traceId()).isEqualTo(TRACE);
    assertThat(of(WHOLE).tracestate()).isNull();
  }

  @Test
  void flagsThatAreNotKnownAreLeftAway() {
    assertThat(of("00-" + TRACE + "-" + PARENT + "-fe").traceparent()).endsWith("-00");
    assertThat(of("00-" + TRACE + "-" + PARENT + "-ff").traceparent()).endsWith("-01");
  }

  @Test
  void ofALaterVersionTheKnownPartIsTaken() {
    assertThat(of("cc-" + TRACE + "-" + PARENT + "-01").traceparent()).isEqualTo(WHOLE);
    assertThat(of("cc-" + TRACE + "-" + PARENT + "-01-what-will-be").traceparent())
        .isEqualTo(WHOLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "0A-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c0-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        "00-0af7651916cd43dd8448eb211c80319x-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nx: y"
      })
  void whatIsNotWellFormedIsIgnoredWithItsState(String header) {
    assertThat(TraceContext.of(List.of(header), List.of("a=1"))).isNull();
  }

  @Test
  void noneAndSeveralAreIgnored() {
    assertThat(TraceContext.of(List.of(), List.of("a=1"))).isNull();
    assertThat(TraceContext.of(List.of(WHOLE, WHOLE), List.of())).isNull();
  }

  @Test
  void statesAreJoinedInTheirOrder() {
    assertThat(state("b=2 , tenant@sys=x:y", "", " a=1")).isEqualTo("b=2,tenant@sys=x:y,a=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=",
        "A=1",
        "=1",
        "a=1=2",
        "a=1,a=2",
        "a=\u00e4",
        "a=1;\tb",
        "a@B=1",
        "a@=1"
      })
  void aStateThatIsNotWellFormedIsLeftAwayAlone(String state) {
    assertThat(state(state)).isNull();
  }

  @Test
  void aStateThatIsTooLongIsLeftAway() {
    var members = new StringBuilder("k0=v");
    for (int i = 1; i < 32; i++) {
      members.append(",k").append(i).append("=v");
    }
    assertThat(state(members.toString())).isEqualTo(members.toString());
    assertThat(state(members + ",k32=v")).isNull();
    assertThat(state("a=" + "x".repeat(256))).hasSize(258);
    assertThat(state("a=" + "x".repeat(257))).isNull();
    assertThat(state("a=" + "x".repeat(250), "b=" + "x".repeat(257))).isNull();
    assertThat(state("a=" + "x".repeat(250), "b=" + "x".repeat(256))).hasSize(511);
    assertThat(state("a=" + "x".repeat(252), "b=" + "x".repeat(256))).isNull();
  }

  @Test
  void whatFollowsHasTheTraceAndAParentIdOfItsOwn() {
    var first = new TraceContext("00-" + TRACE + "-" + PARENT + "-00", "a=1");

    var next = first.next();

    assertThat(next.traceId()).isEqualTo(TRACE);
    assertThat(next.traceparent()).doesNotContain(PARENT).endsWith("-00");
    assertThat(next.tracestate()).isEqualTo("a=1");
    assertThat(of(next.traceparent())).isNotNull();
  }

  @Test
  void anEventBeginsTheTraceThatItsIdTells() {
    var id = EventBus.newId();
    assertThat(TraceContext.begunBy(id).traceId()).isEqualTo(id.replace("-", ""));
    assertThat(TraceContext.begunBy(id).isBegunBy(id)).isTrue();
    assertThat(of(WHOLE).isBegunBy(id)).isFalse();

    var told = TraceContext.begunBy("web-service-config-changed-7");
    assertThat(of(told.traceparent())).isNotNull();
    assertThat(told.isBegunBy("web-service-config-changed-7")).isTrue();
    assertThat(of(TraceContext.begunBy("0".repeat(32)).traceparent())).isNotNull();
  }

  private static TraceContext of(String header) {
    return Objects.requireNonNull(TraceContext.of(List.of(header), List.of()));
  }

  private static String state(String... headers) {
    return Objects.requireNonNull(TraceContext.of(List.of(WHOLE), List.of(headers))).tracestate();
  }
}
