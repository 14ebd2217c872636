package dev.postbus.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.events.KeyChange;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration, for the command line and the console; listens on loopback. */
@Path("/config")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
class ConfigResource {
  private static final int UNPROCESSABLE = 422;

  private final ConfigService service;

  ConfigResource(ConfigService service) {
    this.service = service;
  }

  record View(
      long version,
      String digest,
      String eventId,
      Instant time,
      String actor,
      Map<String, Resolved.LayeredValue> values,
      List<Problem> problems) {}

  record ChangeRequest(
      @Nullable Map<String, JsonNode> set, @Nullable List<String> unset, @Nullable String actor) {}

  record Changed(
      long version, String eventId, Instant time, List<KeyChange> changed, boolean unchanged) {}

  record Problems(List<Problem> problems) {}

  record Status(
      String service,
      @Nullable Long configVersion,
      @Nullable String certFingerprint,
      List<String> processes) {}

  @GET
  public View show() {
    return view(service.keeper().current());
  }

  @GET
  @Path("/ini")
  @Produces(MediaType.TEXT_PLAIN)
  public String ini() {
    return service.keeper().rendered();
  }

  @GET
  @Path("/status")
  public Status status() {
    return new Status("config-service", service.keeper().current().number(), null, List.of());
  }

  @GET
  @Path("/versions")
  public List<Long> versions() {
    return service.keeper().versions().numbers();
  }

  @GET
  @Path("/versions/{number}")
  public Response version(@PathParam("number") long number) {
    return service
        .keeper()
        .versions()
        .read(number)
        .map(version -> Response.ok(view(version)).build())
        .orElseGet(
            () -> refuse(404, List.of(Problem.inFile(null, "there is no version " + number))));
  }

  @PATCH
  public Response change(ChangeRequest request) {
    var set = new LinkedHashMap<String, String>();
    var problems = new ArrayList<Problem>();
    if (request.set() != null) {
      request
          .set()
          .forEach(
              (key, value) -> {
                if (value.isValueNode() && !value.isNull()) {
                  set.put(key, value.asText());
                } else {
                  problems.add(
                      new Problem(key, null, null, key + " must be text, number or truth", null));
                }
              });
    }
    var actor = request.actor() == null ? "anonymous" : request.actor();
    if (!actor.matches("[A-Za-z0-9._@-]{1,64}")) {
      problems.add(Problem.inFile(null, "actor must be 1 to 64 letters, digits or ._@-"));
    }
    if (!problems.isEmpty()) {
      return refuse(UNPROCESSABLE, problems);
    }
    try {
      var unset = request.unset() == null ? List.<String>of() : request.unset();
      var change = service.keeper().change(set, unset, actor);
      var version = change.version();
      var changes = change.unchanged() ? List.<KeyChange>of() : version.changes();
      return Response.ok(
              new Changed(
                  version.number(), version.eventId(), version.time(), changes, change.unchanged()))
          .build();
    } catch (InvalidConfiguration e) {
      return refuse(UNPROCESSABLE, e.problems());
    }
  }

  @POST
  @Path("/validate")
  @Consumes(MediaType.WILDCARD)
  public Response validate(byte[] text) {
    try {
      service.keeper().validate(text);
      return Response.ok(new Problems(List.of())).build();
    } catch (InvalidConfiguration e) {
      return refuse(UNPROCESSABLE, e.problems());
    }
  }

  private View view(Version version) {
    return new View(
        version.number(),
        version.digest(),
        version.eventId(),
        version.time(),
        version.actor(),
        version.values(),
        service.keeper().problems());
  }

  private static Response refuse(int status, List<Problem> problems) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE.withCharset(StandardCharsets.UTF_8.name()))
        .entity(new Problems(problems))
        .build();
  }
}
