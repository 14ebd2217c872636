package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;

/** Something to find out about a relay. */
public interface Measurement {

  /** A short name for people, the beginning of the names of all its results. */
  String name();

  /**
   * Measures, and records what it finds.
   *
   * @throws IOException if the relay does not do its part
   */
  void run(Target target, Recorder results) throws IOException, InterruptedException;
}
