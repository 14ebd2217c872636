package dev.postbus.config;

import dev.postbus.audit.Keep;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of events, as far as this service removes from it; see openapi.yaml. */
@Path("/config/log")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
class LogResource {
  private final ConfigService service;

  LogResource(ConfigService service) {
    this.service = service;
  }

  /**
   * What is to be removed.
   *
   * @param keep what stays, see {@link Keep}
   * @param acceptFindings whether the log need not be as it was written
   */
  record PruneRequest(@Nullable String keep, boolean acceptFindings) {}

  @POST
  @Path("/prune")
  public Response prune(@Nullable PruneRequest request) {
    try {
      var asked = Answering.given(request);
      var keep =
          Keep.parse(asked.keep())
              .orElseThrow(
                  () -> new IllegalArgumentException("keep must be one of: " + Keep.ALLOWED));
      return Response.ok(service.pruning().run(keep, asked.acceptFindings())).build();
    } catch (IllegalArgumentException e) {
      return refuse(Response.Status.BAD_REQUEST, e);
    } catch (IOException e) {
      return refuse(Response.Status.CONFLICT, e);
    }
  }

  private static Response refuse(Response.Status status, Exception why) {
    return Answering.refuse(
        status.getStatusCode(), List.of(Problem.inFile(null, String.valueOf(why.getMessage()))));
  }
}
