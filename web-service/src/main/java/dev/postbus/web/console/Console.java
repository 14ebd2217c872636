package dev.postbus.web.console;

import dev.postbus.access.TokenFile;
import dev.postbus.events.LogPages;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Services;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The console's parts, and which page and which deed a path stands for. */
@ApplicationScoped
class Console {
  private final String domain;
  private final String cookie;
  private final Origins origins;
  private final @Nullable TokenFile ownToken;
  private final Door door;
  private final LogPages log;
  private final LiveEvents live;
  private final Pages pages = new Pages();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Overview overview;
  private final DoctorPage doctor;
  private final EventPages events;
  private final ConfigPages config;
  private final CertificatePage certificate;
  private final PeoplePages people;

  Console(
      @ConfigProperty(name = "postbus.state") Path state,
      @ConfigProperty(name = "postbus.bus", defaultValue = "127.0.0.1:9092") String bootstrap,
      @ConfigProperty(name = "postbus.port-offset", defaultValue = "0") int portOffset,
      @ConfigProperty(name = "quarkus.http.port", defaultValue = "9104") int apiPort,
      @ConfigProperty(name = "postbus.token-file") Optional<Path> token,
      @ConfigProperty(name = "postbus.console-origin") Optional<String> origin,
      @ConfigProperty(name = "mail.domain") String domain,
      Services services) {
    this.domain = domain;
    // Browsers do not tell cookies of ports apart, and several stacks may run on a machine.
    cookie = "postbus-console-" + apiPort;
    origins = Origins.of(origin);
    var clock = Clock.systemUTC();
    ownToken = token.isPresent() ? null : new TokenFile(state.resolve("web/console/token"));
    door = new Door(ownToken == null ? new TokenFile(token.orElseThrow()) : ownToken, clock);
    log = new LogPages(bootstrap);
    live = new LiveEvents(bootstrap, threads);
    var survey = new Survey(services, threads);
    var diagnosis = new Diagnosis(clock);
    overview = new Overview(survey, diagnosis, clock);
    doctor = new DoctorPage(survey, diagnosis);
    events = new EventPages(log);
    config = new ConfigPages(services);
    certificate = new CertificatePage(services, clock);
    people = new PeoplePages(services, clock, 443 + portOffset);
  }

  /**
   * Makes a token for the console where services know one another without one.
   *
   * @throws IOException if it cannot be written
   */
  void prepare() throws IOException {
    if (ownToken != null) {
      var folder = Files.createDirectories(ownToken.file().resolveSibling(""));
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      ownToken.makeIfMissing();
    }
  }

  String domain() {
    return domain;
  }

  String cookie() {
    return cookie;
  }

  Origins origins() {
    return origins;
  }

  Door door() {
    return door;
  }

  Pages pages() {
    return pages;
  }

  LiveEvents live() {
    return live;
  }

  ExecutorService threads() {
    return threads;
  }

  /** The page at a path. */
  View view(String path, Fields query) throws ServiceAway {
    var words = path.split("/", -1);
    return switch (words[0]) {
      case "" -> overview.show();
      case "events" ->
          words.length == 1
              ? events.timeline(query)
              : words.length == 3 ? events.chain(words[1], words[2]) : none();
      case "configuration" ->
          words.length == 1
              ? config.values()
              : words.length > 2
                  ? none()
                  : words[1].equals("history")
                      ? config.history()
                      : config.form(words[1], query, false);
      case "doctor" -> words.length == 1 ? doctor.show() : none();
      case "certificate" -> words.length == 1 ? certificate.show() : none();
      case "users" -> words.length == 1 ? people.users(query) : none();
      case "invites" -> words.length == 1 ? people.invites() : none();
      case "dead-letters" -> words.length == 1 ? events.deadLetters(query) : none();
      default -> none();
    };
  }

  private static View none() {
    return View.problem(404, "No such page", "The console has no such page.");
  }

  /**
   * What came of a form: a page, or words for the next page and where that is.
   *
   * @param shown the page; null if another one is next
   */
  record Outcome(@Nullable View shown, Notice notice, String next) {
    static Outcome next(Notice notice, String next) {
      return new Outcome(null, notice, next);
    }
  }

  /** Does what a form asks for. */
  Outcome act(String path, Fields form) throws ServiceAway {
    return switch (path) {
      case "certificate/renew" -> Outcome.next(certificate.renew(form), "/certificate");
      case "users/block" -> Outcome.next(people.block(form, true), "/users");
      case "users/unblock" -> Outcome.next(people.block(form, false), "/users");
      case "invites/create" -> Outcome.next(people.create(form), "/invites");
      case "invites/revoke" -> Outcome.next(people.revoke(form), "/invites");
      case "rollback" -> Outcome.next(config.rollBack(form), "/configuration/history");
      default ->
          path.matches("configuration/[a-z0-9_]{1,64}")
              ? change(path.substring("configuration/".length()), form)
              : Outcome.next(Notice.refused("There is nothing of that kind to do.", List.of()), "");
    };
  }

  private Outcome change(String key, Fields form) throws ServiceAway {
    var nothing = Notice.done("");
    if (!form.get("check").isEmpty()) {
      return new Outcome(config.form(key, form, true), nothing, "");
    }
    var notice = config.apply(key, form);
    // What was written is not lost.
    return notice.good()
        ? Outcome.next(notice, "/configuration")
        : new Outcome(config.refused(key, form, notice), nothing, "");
  }

  void close() {
    live.close();
    log.close();
    threads.shutdownNow();
  }
}
