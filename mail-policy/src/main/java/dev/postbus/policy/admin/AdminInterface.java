package dev.postbus.policy.admin;

import com.sun.net.httpserver.HttpHandler;
import dev.postbus.policy.account.AccountRegister;
import dev.postbus.policy.admin.JsonHandler.Request;
import dev.postbus.policy.expiry.DailyExpiry;
import dev.postbus.policy.expiry.Expiry;
import dev.postbus.policy.expiry.Expiry.Progress;
import dev.postbus.policy.expiry.QuotaWarnings;
import dev.postbus.policy.expiry.StorageReports;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The operator's requests:
 *
 * <pre>
 * GET    /users?after=ADDRESS&amp;limit=N   accounts, in pages
 * GET    /users/ADDRESS                 an account
 * POST   /users/ADDRESS/block, /unblock
 * DELETE /users/ADDRESS
 * GET    /expiry                        the run under way or the last one, and when the next is due
 * POST   /expiry {"dryRun": true}       starts a run
 * GET    /report                        what the mailboxes hold
 * </pre>
 */
public final class AdminInterface {
  private static final int LONGEST_PAGE = 1000;

  private final AccountRegister register;
  private final Expiry expiry;
  private final DailyExpiry daily;
  private final QuotaWarnings warnings;
  private final StorageReports reports;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().name("admin-", 0).daemon().factory());

  /** Requests about these. */
  public AdminInterface(
      AccountRegister register,
      Expiry expiry,
      DailyExpiry daily,
      QuotaWarnings warnings,
      StorageReports reports) {
    this.register = register;
    this.expiry = expiry;
    this.daily = daily;
    this.warnings = warnings;
    this.reports = reports;
  }

  /** What came of a change of an account. */
  record Changed(String address, boolean changed) {}

  /** Whether a run was started. */
  record Started(boolean dryRun) {}

  /** What there is to know about expiry. */
  record ExpiryState(
      @Nullable Progress run, @Nullable Instant next, QuotaWarnings.Counters quotaWarnings) {}

  /** Handlers by the beginning of the path. */
  public Map<String, HttpHandler> handlers() {
    return Map.of(
        "/users", new JsonHandler(workers, this::users),
        "/expiry", new JsonHandler(workers, this::expiry),
        "/report", new JsonHandler(workers, this::report));
  }

  private Reply users(Request request)
      throws IOException, AccountRegister.NoSuchAccount, AccountRegister.Refused {
    var words = request.path().split("/", -1);
    if (words.length == 2) {
      return request.method().equals("GET") ? page(request.query()) : notAllowed("GET");
    }
    var address = words[2];
    if (words.length == 3) {
      return switch (request.method()) {
        case "GET" -> Reply.ok(register.show(address));
        case "DELETE" -> {
          register.delete(address);
          yield Reply.ok(new Changed(address, true));
        }
        default -> notAllowed("GET, DELETE");
      };
    }
    var verb = words.length == 4 ? words[3] : "";
    return switch (verb) {
      case "block", "unblock" -> {
        if (!request.method().equals("POST")) {
          yield notAllowed("POST");
        }
        yield Reply.ok(
            new Changed(
                address,
                verb.equals("block") ? register.block(address) : register.unblock(address)));
      }
      default -> Reply.problem(404, "there is no such path");
    };
  }

  private Reply page(String query) throws IOException {
    var after = "";
    var limit = LONGEST_PAGE;
    for (var pair : query.split("&")) {
      var equals = pair.indexOf('=');
      var value = pair.substring(equals + 1);
      if (pair.startsWith("after=")) {
        after = URLDecoder.decode(value, StandardCharsets.UTF_8);
      } else if (pair.startsWith("limit=")) {
        limit = value.matches("\\d{1,4}") ? Integer.parseInt(value) : 0;
      } else if (!pair.isEmpty()) {
        return Reply.problem(422, "a page is asked for by after and limit, not by " + pair);
      }
    }
    return limit < 1 || limit > LONGEST_PAGE
        ? Reply.problem(422, "limit must be 1 to " + LONGEST_PAGE)
        : Reply.ok(register.page(after, limit));
  }

  private Reply expiry(Request request) {
    return switch (request.method()) {
      case "GET" ->
          Reply.ok(
              new ExpiryState(
                  expiry.progress().orElse(null), daily.next().orElse(null), warnings.counters()));
      case "POST" -> {
        var dry = request.body().path("dryRun");
        if (!dry.isBoolean()) {
          yield Reply.problem(422, "dryRun must be true or false");
        }
        yield expiry.start(dry.asBoolean())
            ? new Reply(202, new Started(dry.asBoolean()))
            : Reply.problem(409, "a run is under way: wait until it is over");
      }
      default -> notAllowed("GET, POST");
    };
  }

  private Reply report(Request request) throws IOException, InterruptedException {
    return request.method().equals("GET") ? Reply.ok(reports.count()) : notAllowed("GET");
  }

  private static Reply notAllowed(String allowed) {
    return Reply.problem(405, "allowed here: " + allowed);
  }
}
