package dev.postbus.config;

import dev.postbus.events.KeyChange;
import dev.postbus.events.TraceContext;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The configuration in force, for the command line and the console; see openapi.yaml. */
@Path("/config")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
class ConfigResource {
  private final ConfigService service;

  ConfigResource(ConfigService service) {
    this.service = service;
  }

  /** A version with everything in it, and what is wrong with file and environment now. */
  record View(
      long version,
      String digest,
      String eventId,
      Instant time,
      String actor,
      @Nullable String reason,
      Map<String, LayeredValue> values,
      List<KeyChange> changed,
      List<Problem> problems) {
    static View of(Version version, List<Problem> problems) {
      return new View(
          version.number(),
          version.digest(),
          version.eventId(),
          version.time(),
          version.actor(),
          version.reason(),
          version.values(),
          version.changes(),
          problems);
    }
  }

  /** What a change came to. */
  record Changed(
      long version, String eventId, Instant time, List<KeyChange> changed, boolean unchanged) {
    static Changed of(ConfigKeeper.Change change) {
      var version = change.version();
      return new Changed(
          version.number(),
          version.eventId(),
          version.time(),
          change.unchanged() ? List.of() : version.changes(),
          change.unchanged());
    }
  }

  /** What a change would come to. */
  record Proposal(long version, Map<String, String> configuration, List<KeyChange> changed) {
    static Proposal of(Version version) {
      return new Proposal(version.number(), version.plain(), version.changes());
    }
  }

  record Status(
      String service,
      @Nullable Long configVersion,
      @Nullable String certFingerprint,
      List<String> processes,
      @Nullable String problem) {}

  @GET
  public Response show() {
    var keeper = service.keeper();
    var version = keeper.current();
    return Answering.tagged(Response.ok(View.of(version, keeper.problems())).build(), version);
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
    var problems = service.keeper().problems().stream().map(Problem::message).toList();
    return new Status(
        "config-service",
        service.keeper().current().number(),
        null,
        List.of(),
        problems.isEmpty() ? null : String.join("; ", problems));
  }

  /** What this interface is. */
  @GET
  @Path("/openapi.yaml")
  @Produces("application/yaml")
  public String description() {
    try (var in = ConfigResource.class.getResourceAsStream("/config/openapi.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @PATCH
  public Response change(
      @HeaderParam(TraceContext.TRACEPARENT) List<String> parents,
      @HeaderParam(TraceContext.TRACESTATE) List<String> states,
      @Nullable @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @Nullable ChangeRequest request) {
    return Answering.of(
        () -> {
          var expected = Answering.expectation(ifMatch);
          var asked = Answering.given(request);
          var author = asked.author().in(service.traceOf(parents, states));
          return Changed.of(service.keeper().change(asked.edit(), expected, author));
        });
  }

  /** As {@link #change}, changing nothing. */
  @POST
  @Path("/proposal")
  public Response propose(
      @Nullable @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @Nullable ChangeRequest request) {
    return Answering.of(
        () -> {
          var expected = Answering.expectation(ifMatch);
          var asked = Answering.given(request);
          return Proposal.of(service.keeper().propose(asked.edit(), expected, asked.author()));
        });
  }

  @POST
  @Path("/validate")
  @Consumes(MediaType.WILDCARD)
  public Response validate(byte[] text) {
    return Answering.of(
        () -> {
          service.keeper().validate(text);
          return new Answering.Problems(List.of());
        });
  }

  @ServerExceptionMapper
  public Response notStarted(NotStarted why) {
    return Answering.notStarted(why);
  }
}
