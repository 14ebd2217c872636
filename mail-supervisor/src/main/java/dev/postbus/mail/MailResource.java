package dev.postbus.mail;

import dev.postbus.applier.ChangePlan;
import dev.postbus.applier.ServiceStatus;
import dev.postbus.doctor.Finding;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;

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

  /** What a configuration would do to the daemons, without doing it. */
  @POST
  @Path("/plan")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  public ChangePlan plan(ChangePlan.Request request) {
    return service.plan(request);
  }

  /** What mail-policy tells with its metrics. */
  @GET
  @Path("/counters")
  public MailCounters counters() {
    return service.counters();
  }

  /** What waits in the queue, and the room for mail. */
  @GET
  @Path("/storage")
  @Blocking
  public MailStorage storage() throws IOException {
    return service.storage();
  }

  /**
   * What the machine, or the container, gives the daemons; where {@code next} is, that is to do.
   */
  @GET
  @Path("/doctor")
  @Blocking
  public List<Finding> doctor() {
    return service.doctor();
  }

  /**
   * Whether accounts are made.
   *
   * @param blocked by a file of the operator's
   */
  public record Creation(boolean blocked) {}

  @GET
  @Path("/creation")
  @Blocking
  public Creation creation() {
    return new Creation(service.creationBlocked());
  }

  /**
   * The public part of the key that mail is signed with.
   *
   * @param name where its TXT record belongs
   * @param txt the record's text
   * @param fingerprint SHA-256 of the key, in hex
   */
  public record PublicKey(
      String domain, String selector, String name, String txt, String fingerprint) {}

  @GET
  @Path("/dkim")
  public PublicKey dkim() {
    var key = service.dkimKey();
    return new PublicKey(
        key.domain(), DkimKey.SELECTOR, key.name(), key.value(), key.fingerprint());
  }
}
