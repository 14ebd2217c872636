package dev.postbus.cert;

import dev.postbus.cert.acme.AcmeKeeper;
import dev.postbus.cert.acme.CaaAccount;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.TraceContext;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The certificate, for the command line and the console; listens on loopback. */
@Path("/cert")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
class CertResource {
  private static final int UNPROCESSABLE = 422;
  // Below the half minute that the command line waits.
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final CertService service;

  CertResource(CertService service) {
    this.service = service;
  }

  record View(
      long generation,
      String fingerprint,
      List<String> names,
      String serial,
      String issuer,
      Instant notBefore,
      Instant notAfter,
      CertMode mode,
      CertReason reason,
      String eventId,
      Instant time,
      List<String> warnings,
      @Nullable Instant nextRenewal,
      @Nullable String nextRenewalWhy,
      @Nullable String problem) {}

  record ImportRequest(@Nullable String certificate, @Nullable String key) {
    @Override
    public String toString() {
      return "a certificate and its key";
    }
  }

  record RenewRequest(boolean force) {}

  record Problem(String message) {}

  record Problems(List<Problem> problems) {}

  record Status(
      String service,
      @Nullable Long configVersion,
      @Nullable String certFingerprint,
      List<String> processes,
      String bus,
      @Nullable String problem) {}

  @GET
  public Response show() {
    return service
        .keeper()
        .current()
        .map(current -> Response.ok(view(current, warnings())).build())
        .orElseGet(
            () ->
                Response.status(Response.Status.NOT_FOUND)
                    .entity(problems(List.of("there is no certificate yet")))
                    .build());
  }

  @GET
  @Path("/status")
  public Status status() {
    var fingerprint =
        service.keeper().current().map(current -> current.entry().fingerprint()).orElse(null);
    return new Status(
        "cert-service",
        service.configVersion().orElse(null),
        fingerprint,
        List.of(),
        service.busConnected() ? "connected" : "waiting",
        problem());
  }

  /** What belongs into CAA records; empty where nothing is ordered. */
  @GET
  @Path("/caa")
  public List<CaaAccount> caa() {
    return service.acme().caaAccounts();
  }

  private List<String> warnings() {
    var warnings = new ArrayList<>(service.keeper().warnings());
    service.keeper().problem().ifPresent(warnings::add);
    service.expiry().problem().ifPresent(warnings::add);
    return warnings;
  }

  private @Nullable String problem() {
    return service
        .keeper()
        .problem()
        .or(() -> service.orders() ? service.acme().outlook().problem() : Optional.empty())
        .or(service.expiry()::problem)
        .orElse(null);
  }

  @POST
  @Path("/import")
  public Response importPair(
      @HeaderParam(TraceContext.TRACEPARENT) List<String> parents,
      @HeaderParam(TraceContext.TRACESTATE) List<String> states,
      @Nullable ImportRequest request) {
    if (request == null || request.certificate() == null || request.key() == null) {
      return refuse(List.of("both certificate and key are needed, as PEM texts"));
    }
    try {
      var trace = service.traceOf(parents, states);
      var imported = service.keeper().importPair(request.certificate(), request.key(), trace);
      return Response.ok(view(imported.current(), imported.warnings())).build();
    } catch (RefusedCertificate e) {
      return refuse(e.problems());
    }
  }

  @POST
  @Path("/renew")
  public Response renew(
      @HeaderParam(TraceContext.TRACEPARENT) List<String> parents,
      @HeaderParam(TraceContext.TRACESTATE) List<String> states,
      @Nullable RenewRequest request) {
    var force = request != null && request.force();
    var trace = service.traceOf(parents, states);
    if (service.orders()) {
      return renewByAcme(force, trace);
    }
    try {
      var renewed = service.keeper().renew(force, trace);
      return Response.ok(view(renewed, List.of())).build();
    } catch (RefusedCertificate e) {
      return refuse(e.problems());
    }
  }

  private Response renewByAcme(boolean force, @Nullable TraceContext trace) {
    var before = service.keeper().current();
    try {
      var problem = service.acme().renew(force, trace).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (problem.isPresent()) {
        return refuse(List.of(problem.get()));
      }
    } catch (TimeoutException stillRunning) {
      return refuse(
          List.of("the order is under way and goes on; see: postbus cert show, postbus events"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the order failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return service
        .keeper()
        .current()
        .filter(now -> !before.equals(Optional.of(now)))
        .map(now -> Response.ok(view(now, List.of())).build())
        .orElseGet(() -> refuse(List.of("there is no new certificate; see: postbus cert show")));
  }

  private static Response refuse(List<String> problems) {
    return Response.status(UNPROCESSABLE).entity(problems(problems)).build();
  }

  private static Problems problems(List<String> messages) {
    return new Problems(messages.stream().map(Problem::new).toList());
  }

  private View view(CertificateKeeper.Current current, List<String> warnings) {
    var entry = current.entry();
    var leaf = current.stored().leaf();
    var outlook =
        service.orders()
            ? Optional.of(service.acme().outlook())
            : Optional.<AcmeKeeper.Outlook>empty();
    return new View(
        entry.generation(),
        entry.fingerprint(),
        StoredCertificate.names(leaf),
        leaf.getSerialNumber().toString(16),
        leaf.getIssuerX500Principal().getName(),
        leaf.getNotBefore().toInstant(),
        leaf.getNotAfter().toInstant(),
        entry.mode(),
        entry.reason(),
        entry.eventId(),
        entry.time(),
        warnings,
        outlook.flatMap(AcmeKeeper.Outlook::renewal).orElse(null),
        outlook.map(AcmeKeeper.Outlook::why).orElse(null),
        problem());
  }
}
