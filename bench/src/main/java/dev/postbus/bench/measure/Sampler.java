package dev.postbus.bench.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the relay's processes, which only somebody on its machine can. */
@FunctionalInterface
public interface Sampler {

  /**
   * What holds now, or since the last call for what takes time, such as the use of a processor. The
   * first call of a series is only to begin with: its readings are not kept.
   */
  List<Reading> read() throws IOException;

  /** All that several samplers read. */
  static Sampler of(Sampler... samplers) {
    return () -> {
      var all = new ArrayList<Reading>();
      for (var sampler : samplers) {
        all.addAll(sampler.read());
      }
      return all;
    };
  }

  /**
   * One value.
   *
   * @param quantity e.g. {@code memory}
   * @param of whose, e.g. {@code dovecot}; empty for the relay's as a whole
   * @param unit e.g. {@code MB}
   * @param value in that unit
   */
  record Reading(String quantity, String of, String unit, double value) {
    /** {@link #of} of what adds up all others of a quantity. */
    public static final String SUM = "sum";

    /** Quantity and whose, in words. */
    public String name() {
      return of.isEmpty() ? quantity : quantity + " of " + of;
    }
  }
}
