package dev.postbus.policy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.postbus.policy.account.AccountRegister;
import dev.postbus.policy.invite.Invites;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Answers requests with JSON; works on given threads, as files would keep a virtual thread's. */
final class JsonHandler implements HttpHandler {
  private static final Logger log = Logger.getLogger(JsonHandler.class.getName());
  private static final int LONGEST_BODY = 4096;

  private final JsonMapper json =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addSerializer(LocalDate.class, ToStringSerializer.instance))
          .build();
  private final ExecutorService workers;
  private final Answering answering;

  /**
   * A request.
   *
   * @param method HTTP's
   * @param path decoded, below the port
   * @param query as it came; empty if none did
   * @param body JSON; missing if none came
   */
  record Request(String method, String path, String query, JsonNode body) {}

  /** Finds answers. */
  @FunctionalInterface
  interface Answering {
    Reply answer(Request request)
        throws IOException,
            InterruptedException,
            AccountRegister.NoSuchAccount,
            AccountRegister.Refused,
            Invites.Refused;
  }

  JsonHandler(ExecutorService workers, Answering answering) {
    this.workers = workers;
    this.answering = answering;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var reply = reply(exchange);
      var body = json.writeValueAsBytes(reply.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Reply reply(HttpExchange exchange) throws IOException {
    // A page in somebody's browser on this machine is not an operator.
    if (exchange.getRequestHeaders().containsKey("Origin")) {
      return Reply.problem(403, "not for web pages");
    }
    var body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
    try {
      var uri = exchange.getRequestURI();
      var query = uri.getQuery();
      var request =
          new Request(
              exchange.getRequestMethod(),
              uri.getPath(),
              query == null ? "" : query,
              json.readTree(body));
      return workers.submit(() -> answering.answer(request)).get();
    } catch (JsonProcessingException e) {
      return Reply.problem(422, "the body is not JSON");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.problem(503, "this process is ending");
    } catch (ExecutionException e) {
      var cause = e.getCause();
      return failed(cause == null ? e : cause);
    }
  }

  private static Reply failed(Throwable cause) {
    return switch (cause) {
      case AccountRegister.NoSuchAccount e -> Reply.problem(404, String.valueOf(e.getMessage()));
      case AccountRegister.Refused e -> Reply.problem(422, String.valueOf(e.getMessage()));
      case Invites.Refused e -> Reply.problem(403, String.valueOf(e.getMessage()));
      case IllegalArgumentException e -> Reply.problem(422, String.valueOf(e.getMessage()));
      default -> {
        // The class only: messages of exceptions name files, and so addresses.
        log.log(Level.WARNING, "a request failed: {0}", cause.getClass().getName());
        yield Reply.problem(500, "reading or writing the mailboxes failed");
      }
    };
  }
}
