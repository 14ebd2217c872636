package dev.postbus.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzz target: a header {@code traceparent}, and behind the first line break headers {@code
 * tracestate}. What is taken can be taken again and is the same then, and holds nothing that would
 * not belong into a header. It is here and not beside its class as Jazzer is.
 */
public final class TraceContextFuzz {
  private TraceContextFuzz() {}

  /** One request. */
  public static void fuzzerTestOneInput(byte[] input) {
    var lines = Arrays.asList(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
    var taken = TraceContext.of(lines.subList(0, 1), lines.subList(1, lines.size()));
    if (taken == null) {
      return;
    }
    var state = taken.tracestate();
    var again =
        TraceContext.of(List.of(taken.traceparent()), state == null ? List.of() : List.of(state));
    if (!taken.equals(again)) {
      throw new IllegalStateException(taken + " is taken, and then " + again);
    }
    if (state != null && !state.matches("[ -~]{1,512}")) {
      throw new IllegalStateException("no text of a header: " + state);
    }
  }
}
