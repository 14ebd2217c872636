package dev.postbus.mail;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs and what it was given; listens on loopback. */
@Path("/mail")
@Produces(MediaType.APPLICATION_JSON)
class MailResource {
  private final MailService service;

  MailResource(MailService service) {
    this.service = service;
  }

  record ProcessView(
      String name,
      String state,
      @Nullable Long pid,
      Instant since,
      int restarts,
      @Nullable String detail) {}

  record Status(
      String service,
      @Nullable Long configVersion,
      @Nullable String certFingerprint,
      List<ProcessView> processes) {}

  @GET
  @Path("/status")
  public Status status() {
    var processes =
        service.processes().stream()
            .map(
                p ->
                    new ProcessView(
                        p.name(), p.state().label(), p.pid(), p.since(), p.restarts(), p.detail()))
            .toList();
    return new Status(
        "mail-supervisor",
        service.configVersion().orElse(null),
        service.certFingerprint().orElse(null),
        processes);
  }
}
