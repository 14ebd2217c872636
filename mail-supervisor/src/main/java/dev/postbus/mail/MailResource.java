package dev.postbus.mail;

import dev.postbus.applier.ServiceStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What runs and what it was given; listens on loopback. */
@Path("/mail")
@Produces(MediaType.APPLICATION_JSON)
class MailResource {
  private final MailService service;

  MailResource(MailService service) {
    this.service = service;
  }

  @GET
  @Path("/status")
  public ServiceStatus status() {
    return service.status();
  }
}
