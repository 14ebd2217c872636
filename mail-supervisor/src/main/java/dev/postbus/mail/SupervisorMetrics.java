package dev.postbus.mail;

import dev.postbus.metrics.MetricPage;
import dev.postbus.metrics.MetricSource;
import dev.postbus.metrics.ServiceMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this service tells Prometheus; of its daemons mail-policy tells. */
@ApplicationScoped
class SupervisorMetrics implements MetricSource {
  private static final Logger log = LoggerFactory.getLogger(SupervisorMetrics.class);

  private final MailService service;

  SupervisorMetrics(MailService service) {
    this.service = service;
  }

  @Override
  public void tell(MetricPage page) {
    var status = service.status();
    new ServiceMetrics(
            "mail-supervisor",
            status.serving(),
            service.busConnected(),
            service.allSent(),
            status.configVersion())
        .tell(page);
    try {
      var storage = service.storage();
      storage
          .queue()
          .forEach(
              (queue, count) ->
                  page.gauge(
                      "postbus_queue_messages",
                      "Messages that wait, by Postfix's queue",
                      count,
                      "queue",
                      queue));
      page.gauge(
          "postbus_disk_free_bytes",
          "What may be written where the mailboxes are",
          (double) storage.freeBytes());
      page.gauge(
          "postbus_disk_bytes",
          "Size of the file system where the mailboxes are",
          (double) storage.diskBytes());
    } catch (IOException e) {
      log.debug("the queue cannot be counted", e);
    }
  }
}
