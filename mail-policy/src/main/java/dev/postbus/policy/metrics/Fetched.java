package dev.postbus.policy.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What another process on loopback knows, fetched at each scrape. Whether it answers is told as
 * well.
 *
 * @param path where it tells
 * @param up name of the metric of whether it does
 * @param help words about that
 */
record Fetched(String path, String up, String help) {
  private static final Logger log = Logger.getLogger(Fetched.class.getName());

  /** Makes metrics of what was fetched. */
  @FunctionalInterface
  interface Translation {
    void tell(String text, Consumer<MetricSnapshot> page) throws IOException;
  }

  /**
   * Fetches and tells.
   *
   * @param port of the process; 0 if there is none to ask
   */
  void tell(int port, Translation translation, Consumer<MetricSnapshot> page) {
    if (port == 0) {
      return;
    }
    var answers = false;
    try {
      translation.tell(LoopbackPage.get(port, path), page);
      answers = true;
    } catch (IOException | RuntimeException e) {
      log.log(Level.FINE, up + " is 0", e);
    }
    page.accept(Family.gauge(up, help, answers ? 1 : 0));
  }
}
