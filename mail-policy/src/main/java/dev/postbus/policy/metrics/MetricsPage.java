package dev.postbus.policy.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code GET /metrics}: all metrics as they are now, in Prometheus's text format, or in OpenMetrics
 * for a client that asks for it. Nothing is collected, and no class of the library loaded, before
 * somebody asks.
 */
public final class MetricsPage implements HttpHandler {
  /** Where it is. */
  public static final String PATH = "/metrics";

  private static final Logger log = Logger.getLogger(MetricsPage.class.getName());
  private static final int MOST_AT_ONCE = 4;

  private final List<MetricSource> sources;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /** A page of the given sources, which have no metric in common. */
  public MetricsPage(List<MetricSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        answer(exchange, 404, "only " + PATH + " is here\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        answer(exchange, 405, "GET only\n");
      } else if (!places.tryAcquire()) {
        answer(exchange, 503, "others ask at the moment: come again\n");
      } else {
        try {
          tell(exchange);
        } catch (RuntimeException e) {
          log.log(Level.WARNING, "metrics cannot be told", e);
          answer(exchange, 500, "metrics cannot be told: see the log\n");
        } finally {
          places.release();
        }
      }
    }
  }

  private void tell(HttpExchange exchange) throws IOException {
    var told = new ArrayList<MetricSnapshot>();
    sources.forEach(source -> source.tell(told::add));
    var writer =
        ExpositionFormats.init().findWriter(exchange.getRequestHeaders().getFirst("Accept"));
    var body = new ByteArrayOutputStream();
    writer.write(body, new MetricSnapshots(told));
    answer(exchange, 200, writer.getContentType(), body.toByteArray());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    answer(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
