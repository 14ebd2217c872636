package dev.postbus.web;

import dev.postbus.applier.ChangePlan;
import dev.postbus.applier.ServiceStatus;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What nginx passes on, and what this service shows of itself on loopback. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
class WebResource {
  private final WebService service;

  WebResource(WebService service) {
    this.service = service;
  }

  @POST
  @Path("/new")
  @Consumes(MediaType.WILDCARD)
  public CompletionStage<Response> newAccount(
      @QueryParam("invite") @Nullable String invite,
      @HeaderParam("Content-Type") @Nullable String type,
      @Nullable String body) {
    return service
        .newAccount(ShownInvite.in(invite, type, body == null ? "" : body))
        .thenApply(WebResource::response);
  }

  private static Response response(Registrar.Answer answer) {
    var response =
        Response.status(answer.status())
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(answer.body())
            .header("Cache-Control", "no-store");
    return answer.status() == 503 ? response.header("Retry-After", 10).build() : response.build();
  }

  /** The same for people without an app that asks: a page with a login for the app. */
  @POST
  @Path("/web/account")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML + ";charset=utf-8")
  public CompletionStage<Response> account(
      @QueryParam("language") @Nullable String language, @Nullable String form) {
    return service
        .newAccount(
            ShownInvite.in(null, MediaType.APPLICATION_FORM_URLENCODED, form == null ? "" : form))
        .thenApplyAsync(answer -> page(answer, Language.ofSuffix(language)));
  }

  private Response page(Registrar.Answer answer, Language language) {
    try {
      return service
          .accountPage(answer, language)
          .map(html -> Response.status(answer.status()).entity(html))
          .orElseGet(() -> Response.status(Response.Status.NOT_FOUND))
          .header("Cache-Control", "no-store")
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page of an account", e);
    }
  }

  /** The page of an invitation; where there is none, the start page says what one needs. */
  @GET
  @Path("/web/invite/{token}")
  @Produces(MediaType.TEXT_HTML + ";charset=utf-8")
  @Blocking
  public Response invitation(
      @PathParam("token") String token, @QueryParam("language") @Nullable String language)
      throws IOException {
    var page =
        token.matches(PersonalPages.TOKEN)
            ? service.invitePage(token, Language.ofSuffix(language))
            : Optional.<String>empty();
    return page.map(html -> Response.ok(html).header("Cache-Control", "no-store").build())
        .orElseGet(() -> Response.status(Response.Status.FOUND).header("Location", "/").build());
  }

  /** What a configuration would do to nginx, without doing it. */
  @POST
  @Path("/web/plan")
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  public ChangePlan plan(ChangePlan.Request request) {
    return service.plan(request);
  }

  /** How often nginx answered what since this service began; nothing about whom. */
  @GET
  @Path("/web/visits")
  public List<Visits.Count> visits() {
    return service.visits();
  }

  @GET
  @Path("/web/status")
  public ServiceStatus status() {
    return service.status();
  }
}
