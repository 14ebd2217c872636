package dev.postbus.cert;

import dev.postbus.cert.acme.HttpTokens;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What web-service's nginx passes on from port 80 while a name is proven. */
@Path(HttpTokens.PATH)
class ChallengeResource {
  private final CertService service;

  ChallengeResource(CertService service) {
    this.service = service;
  }

  @GET
  @Path("{token}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public Response answer(@PathParam("token") String token) {
    return service
        .tokens()
        .answer(token)
        .map(answer -> Response.ok(answer).header("Cache-Control", "no-store").build())
        .orElseGet(() -> Response.status(Response.Status.NOT_FOUND).build());
  }
}
