package dev.postbus.mail;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Accounts, invitations, expiry and storage: mail-policy's matter, which answers; listens on
 * loopback.
 */
@Path("/mail")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
class PolicyResource {
  private static final int UNAVAILABLE = 503;
  private static final String AWAY =
      "{\"problems\":[{\"message\":\"mail-policy does not answer; see: ./postbus status\"}]}";

  private final MailService service;

  PolicyResource(MailService service) {
    this.service = service;
  }

  @GET
  @Path("/users")
  public Response users(
      @QueryParam("after") @Nullable String after, @QueryParam("limit") @Nullable String limit) {
    var query =
        (after == null ? "" : "&after=" + encoded(after))
            + (limit == null ? "" : "&limit=" + encoded(limit));
    return pass("GET", "/users?" + query, "");
  }

  @GET
  @Path("/users/{address}")
  public Response user(@PathParam("address") String address) {
    return pass("GET", "/users/" + encoded(address), "");
  }

  @POST
  @Path("/users/{address}/block")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response block(@PathParam("address") String address) {
    return shutOut(address, "POST", "/users/" + encoded(address) + "/block");
  }

  @POST
  @Path("/users/{address}/unblock")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response unblock(@PathParam("address") String address) {
    return pass("POST", "/users/" + encoded(address) + "/unblock", "");
  }

  @DELETE
  @Path("/users/{address}")
  public Response delete(@PathParam("address") String address) {
    return shutOut(address, "DELETE", "/users/" + encoded(address));
  }

  @GET
  @Path("/expiry")
  public Response expiry() {
    return pass("GET", "/expiry", "");
  }

  @POST
  @Path("/expiry")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response expire(String request) {
    return pass("POST", "/expiry", request);
  }

  @GET
  @Path("/report")
  public Response report() {
    return pass("GET", "/report", "");
  }

  /** mail-policy's own metrics, in Prometheus's text format. */
  @GET
  @Path("/metrics")
  @Produces(MediaType.TEXT_PLAIN + ";charset=utf-8")
  public Response metrics() {
    return pass("GET", "/metrics", "");
  }

  /** The replicas that do some of mail-policy's work, and how much each has done. */
  @GET
  @Path("/replicas")
  public Response replicas() {
    return pass("GET", "/helpers", "");
  }

  @GET
  @Path("/invites")
  public Response invites() {
    return pass("GET", "/invites", "");
  }

  @POST
  @Path("/invites")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response invite(String request) {
    return pass("POST", "/invites", request);
  }

  /** web-service's, for somebody who shows an invitation. */
  @POST
  @Path("/invites/claim")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response claim(String request) {
    return pass("POST", "/invites/claim", request);
  }

  @DELETE
  @Path("/invites/{id}")
  public Response revoke(@PathParam("id") String id) {
    return pass("DELETE", "/invites/" + encoded(id), "");
  }

  /** After that nobody can log in; who has, is shown out. */
  private Response shutOut(String address, String method, String path) {
    var answer = pass(method, path, "");
    // mail-policy has found an account of this name: it is no pattern for doveadm.
    if (answer.getStatusInfo().getFamily() == Response.Status.Family.SUCCESSFUL) {
      try {
        service.sessions().end(address);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return answer;
  }

  private Response pass(String method, String path, String body) {
    try {
      var answer = service.policy().pass(method, path, body);
      return Response.status(answer.status()).entity(answer.body()).build();
    } catch (IOException e) {
      return Response.status(UNAVAILABLE).entity(AWAY).build();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
