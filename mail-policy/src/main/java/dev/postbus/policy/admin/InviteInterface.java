package dev.postbus.policy.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpHandler;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.admin.JsonHandler.Request;
import dev.postbus.policy.invite.Invites;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Requests about invitations, of the operator and, for a claim, of web-service:
 *
 * <pre>
 * GET    /invites
 * POST   /invites {"uses": 1, "expires": "2027-01-01T00:00:00Z", "note": "…"}
 * DELETE /invites/ID
 * POST   /invites/claim {"token": "…", "address": "…", "proof": SHA-256 of the password}
 * </pre>
 *
 * What an invitation does not give is answered by 403.
 */
public final class InviteInterface {
  private final Invites invites;
  private final Accounts accounts;

  /** Requests about these. */
  public InviteInterface(Invites invites, Accounts accounts) {
    this.invites = invites;
    this.accounts = accounts;
  }

  /** All of them. */
  record All(List<Invites.Entry> invites) {}

  /** Whether there was something to revoke. */
  record Revoked(String id) {}

  /** Until when a use is kept for a first login. */
  record Claimed(Instant until) {}

  /** Handlers by the beginning of the path. */
  public Map<String, HttpHandler> handlers() {
    // A thread of its own: operators' requests may take minutes, and people wait for a claim.
    var worker =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("invites").daemon().factory());
    return Map.of("/invites", new JsonHandler(worker, this::answer));
  }

  private Reply answer(Request request) throws IOException, Invites.Refused {
    var words = request.path().split("/", -1);
    if (words.length > 3 || !words[1].equals("invites")) {
      return Reply.problem(404, "there is no such path");
    }
    var name = words.length == 3 ? words[2] : "";
    return switch (name) {
      case "" ->
          switch (request.method()) {
            case "GET" -> Reply.ok(new All(invites.list()));
            case "POST" -> create(request.body());
            default -> Reply.problem(405, "allowed here: GET, POST");
          };
      case "claim" ->
          request.method().equals("POST")
              ? claim(request.body())
              : Reply.problem(405, "allowed here: POST");
      default ->
          request.method().equals("DELETE")
              ? revoke(name)
              : Reply.problem(405, "allowed here: DELETE");
    };
  }

  private Reply create(JsonNode body) throws IOException {
    var uses = body.path("uses");
    if (!uses.isMissingNode() && !uses.canConvertToInt()) {
      return Reply.problem(422, "uses must be a number");
    }
    try {
      return new Reply(
          201, invites.create(uses.asInt(1), expires(body), body.path("note").asText("")));
    } catch (Invites.Refused e) {
      return Reply.problem(422, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Instant expires(JsonNode body) {
    var expires = body.path("expires");
    if (!expires.isTextual()) {
      return null;
    }
    try {
      return Instant.parse(expires.asText());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("expires must be a time such as 2027-01-01T00:00:00Z", e);
    }
  }

  private Reply claim(JsonNode body) throws IOException, Invites.Refused {
    return Reply.ok(
        new Claimed(
            accounts.invited(
                body.path("token").asText(),
                body.path("address").asText(),
                body.path("proof").asText())));
  }

  private Reply revoke(String id) throws IOException {
    return invites.revoke(id)
        ? Reply.ok(new Revoked(id))
        : Reply.problem(404, "there is no such invitation; all of them: ./postbus invite list");
  }
}
