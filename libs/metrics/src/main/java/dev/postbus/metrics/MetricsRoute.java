package dev.postbus.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics}: all metrics of the services of this process as they are now, in
 * Prometheus's text format, or in OpenMetrics for a client that asks for it. Nothing is collected,
 * and no class of the library loaded, before somebody asks.
 */
@ApplicationScoped
class MetricsRoute {
  private static final Logger log = LoggerFactory.getLogger(MetricsRoute.class);
  private static final String PATH = "/metrics";

  private final List<MetricSource> sources;
  private final Vertx vertx;

  MetricsRoute(@All List<MetricSource> sources, Vertx vertx) {
    this.sources = sources;
    this.vertx = vertx;
  }

  void lay(@Observes Router router) {
    router.get(PATH).handler(this::answer);
  }

  private record Told(String type, Buffer body) {}

  private void answer(RoutingContext context) {
    var said = context.request().getHeader("Accept");
    var accept = said == null ? "" : said;
    // Some sources read files.
    vertx
        .executeBlocking(() -> told(accept), false)
        .onSuccess(
            told -> context.response().putHeader("Content-Type", told.type()).end(told.body()))
        .onFailure(
            problem -> {
              log.warn("metrics cannot be told", problem);
              context.response().setStatusCode(500).end("metrics cannot be told: see the log\n");
            });
  }

  private Told told(String accept) throws IOException {
    var page = new MetricPage();
    for (var source : sources) {
      try {
        source.tell(page);
      } catch (RuntimeException e) {
        log.warn("some metrics cannot be told", e);
      }
    }
    var writer = ExpositionFormats.init().findWriter(accept);
    var body = new ByteArrayOutputStream();
    writer.write(body, page.told());
    return new Told(writer.getContentType(), Buffer.buffer(body.toByteArray()));
  }
}
