package dev.postbus.bench.measure;

import java.io.IOException;
import java.util.List;

/** Looks at the relay's processes, which only somebody on its machine can. */
@FunctionalInterface
public interface Sampler {

  /**
   * What holds now, or since the last call for what takes time, such as the use of a processor. The
   * first call of a series is only to begin with: its readings are not kept.
   */
  List<Reading> read() throws IOException;

  /**
   * One value.
   *
   * @param name of what, e.g. {@code memory of dovecot}
   * @param unit e.g. {@code MB}
   * @param value in that unit
   */
  record Reading(String name, String unit, double value) {}
}
