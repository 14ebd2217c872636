package dev.postbus.config;

import dev.postbus.events.KeyChange;
import dev.postbus.events.TraceContext;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** All versions of the configuration; see openapi.yaml. */
@Path("/config/versions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
class VersionResource {
  private final ConfigService service;

  VersionResource(ConfigService service) {
    this.service = service;
  }

  /** A version without its values. */
  record Summary(
      long version,
      Instant time,
      String actor,
      @Nullable String reason,
      String digest,
      List<KeyChange> changed,
      List<Answer> answers) {
    static Summary of(Version version, List<Answer> answers) {
      return new Summary(
          version.number(),
          version.time(),
          version.actor(),
          version.reason(),
          version.digest(),
          version.changes(),
          answers);
    }
  }

  /** What differs between two versions. */
  record Difference(long from, long to, List<KeyChange> changed) {}

  /**
   * What consumers said to a version so far.
   *
   * @param missing who has not answered yet
   * @param bus whether the bus is {@code connected} or is {@code waiting} for
   * @param goneBackBy the version that put the one before in force again, as one was rejected
   */
  record Answers(
      long version,
      List<Answer> answers,
      Set<String> missing,
      String bus,
      @Nullable Long goneBackBy) {}

  record RollbackRequest(@Nullable String actor, @Nullable String reason) {}

  /** The newest versions, newest first. */
  @GET
  public List<Summary> history(@DefaultValue("20") @QueryParam("limit") int limit) {
    var files = service.keeper().versions();
    var numbers = files.numbers().reversed();
    var summaries = new ArrayList<Summary>();
    for (var number : numbers.subList(0, Math.clamp(limit, 0, numbers.size()))) {
      files
          .read(number)
          .map(version -> Summary.of(version, service.answers().of(number)))
          .ifPresent(summaries::add);
    }
    return summaries;
  }

  @GET
  @Path("/{number}")
  public Response version(@PathParam("number") long number) {
    return service
        .keeper()
        .versions()
        .read(number)
        .map(version -> Response.ok(ConfigResource.View.of(version, List.of())).build())
        .orElseGet(() -> Answering.notThere(number));
  }

  /** What differs from another version to this one. */
  @GET
  @Path("/{number}/changes")
  public Response changes(@PathParam("number") long number, @QueryParam("from") long from) {
    var files = service.keeper().versions();
    var older = files.read(from);
    var newer = files.read(number);
    if (older.isEmpty() || newer.isEmpty()) {
      return Answering.notThere(older.isEmpty() ? from : number);
    }
    var changed = Version.changes(older.get().values(), newer.get().values());
    return Response.ok(new Difference(from, number, changed)).build();
  }

  @GET
  @Path("/{number}/answers")
  public Response answers(@PathParam("number") long number) {
    var keeper = service.keeper();
    if (keeper.versions().read(number).isEmpty()) {
      return Answering.notThere(number);
    }
    var answers = service.answers();
    // In this order: if nobody is missing, all that was said is there.
    var missing = answers.missing(number);
    var said = answers.of(number);
    var next = keeper.versions().read(number + 1).filter(Version::takesBack);
    return Response.ok(
            new Answers(
                number,
                said,
                missing,
                service.busConnected() ? "connected" : "waiting",
                next.map(Version::number).orElse(null)))
        .build();
  }

  /** Makes a new version with the values of this one. */
  @POST
  @Path("/{number}/rollback")
  public Response rollBack(
      @HeaderParam(TraceContext.TRACEPARENT) List<String> parents,
      @HeaderParam(TraceContext.TRACESTATE) List<String> states,
      @PathParam("number") long number,
      @Nullable @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @Nullable RollbackRequest request) {
    return backTo(
        number,
        ifMatch,
        request,
        (old, expected, author) ->
            ConfigResource.Changed.of(
                service
                    .keeper()
                    .rollBack(old, expected, author.in(service.traceOf(parents, states)))));
  }

  /** As {@link #rollBack}, changing nothing. */
  @POST
  @Path("/{number}/rollback/proposal")
  public Response proposeRollback(
      @PathParam("number") long number,
      @Nullable @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @Nullable RollbackRequest request) {
    return backTo(
        number,
        ifMatch,
        request,
        (old, expected, author) ->
            ConfigResource.Proposal.of(service.keeper().proposeRollback(old, expected, author)));
  }

  @FunctionalInterface
  private interface WayBack {
    Object go(Version old, @Nullable Expectation expected, Version.Author author)
        throws InvalidConfiguration, VersionConflict;
  }

  private Response backTo(
      long number, @Nullable String ifMatch, @Nullable RollbackRequest request, WayBack way) {
    var old = service.keeper().versions().read(number);
    if (old.isEmpty()) {
      return Answering.notThere(number);
    }
    return Answering.of(
        () -> {
          var asked = Answering.given(request);
          var reason = asked.reason() == null ? "back to version " + number : asked.reason();
          var author = Answering.author(asked.actor(), reason);
          return way.go(old.get(), Answering.expectation(ifMatch), author);
        });
  }

  @ServerExceptionMapper
  public Response notStarted(NotStarted why) {
    return Answering.notStarted(why);
  }
}
