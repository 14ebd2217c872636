package dev.postbus.web;

import dev.postbus.applier.ChangePlan;
import dev.postbus.applier.ServiceStatus;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The one thing that nginx passes on, and what this service shows of itself on loopback. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
class WebResource {
  private final WebService service;

  WebResource(WebService service) {
    this.service = service;
  }

  @POST
  @Path("/new")
  public Response newAccount() {
    return service
        .newAccount()
        .map(account -> Response.ok(account).header("Cache-Control", "no-store").build())
        .orElseGet(() -> Response.status(Response.Status.SERVICE_UNAVAILABLE).build());
  }

  /** What a configuration would do to nginx, without doing it. */
  @POST
  @Path("/web/plan")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  public ChangePlan plan(ChangePlan.Request request) {
    return service.plan(request);
  }

  @GET
  @Path("/web/status")
  public ServiceStatus status() {
    return service.status();
  }
}
