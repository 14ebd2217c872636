package dev.postbus.cert.acme;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a certificate is renewed: at a random time in the window that its authority suggests (RFC
 * 9773), or, where it suggests none, at two thirds of the lifetime and a little later. The time
 * that was drawn is kept, so that a restart does not draw again.
 */
final class Renewal {
  private static final Logger log = LoggerFactory.getLogger(Renewal.class);

  // RFC 9773, section 4.3: Retry-After is kept to within reasonable bounds.
  private static final Duration LEAST_PAUSE = Duration.ofMinutes(1);
  private static final Duration MOST_PAUSE = Duration.ofDays(1);
  private static final Duration USUAL_PAUSE = Duration.ofHours(6);
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofHours(1);

  private final StateFile<Plan> file;
  private final List<Authority> authorities;
  private final Path acmeFolder;
  private final Clock clock;
  private final RandomGenerator random;

  Renewal(Path acmeFolder, List<Authority> authorities, Clock clock, RandomGenerator random) {
    this.file = new StateFile<>(acmeFolder.resolve("renewal.json"), Plan.class);
    this.acmeFolder = acmeFolder;
    this.authorities = authorities;
    this.clock = clock;
    this.random = random;
  }

  /**
   * When and why.
   *
   * @param fingerprint the certificate that this is about
   * @param at when it is renewed
   * @param why in words, for people
   * @param askAgain when the authority is asked again whether its window has changed
   * @param authority the directory whose window it is; null where there is none
   * @param windowStart the window; null where there is none
   * @param windowEnd its end
   */
  record Plan(
      String fingerprint,
      Instant at,
      String why,
      Instant askAgain,
      @Nullable String authority,
      @Nullable Instant windowStart,
      @Nullable Instant windowEnd) {}

  /** The plan that was made last. */
  Optional<Plan> known() {
    return file.read();
  }

  /** The plan for a certificate; asks its authority when it is time for that. */
  Plan plan(CertificateHome.InUse inUse) throws InterruptedException {
    var now = clock.instant();
    var old = file.read().filter(plan -> plan.fingerprint().equals(inUse.fingerprint()));
    if (old.isPresent() && now.isBefore(old.get().askAgain())) {
      return old.get();
    }
    var asked = ask(inUse, old.orElse(null));
    var fresh = asked.isPresent() ? asked.get() : byLifetime(inUse, old.orElse(null));
    if (old.isEmpty() || !old.get().at().equals(fresh.at())) {
      log.info("renewal at {}: {}", fresh.at(), fresh.why());
    }
    file.write(fresh);
    return fresh;
  }

  private Optional<Plan> ask(CertificateHome.InUse inUse, @Nullable Plan old)
      throws InterruptedException {
    for (var authority : authorities) {
      var folder = new AuthorityFolder(acmeFolder.resolve(authority.folderName()));
      try (var ca = new CaSession(authority)) {
        var login = new Accounts(folder, authority, "").known(ca);
        if (login.isPresent()) {
          var window = SuggestedWindow.ask(ca, login.get(), inUse.leaf());
          if (window.isPresent()) {
            return Optional.of(within(authority, window.get(), inUse, old));
          }
        }
      } catch (AcmeFailure notNow) {
        log.info("no renewal window: {}", notNow.getMessage());
        if (old != null && authority.toString().equals(old.authority())) {
          // What it said last holds until it says something else.
          return Optional.of(askedAgain(old, PAUSE_AFTER_ERROR));
        }
      }
    }
    return Optional.empty();
  }

  private Plan within(
      Authority authority,
      SuggestedWindow window,
      CertificateHome.InUse inUse,
      @Nullable Plan old) {
    var pause = bounded(window.retryAfter().orElse(USUAL_PAUSE));
    if (old != null
        && window.start().equals(old.windowStart())
        && window.end().equals(old.windowEnd())) {
      return askedAgain(old, pause);
    }
    var length = Math.max(1, Duration.between(window.start(), window.end()).toMillis());
    var drawn = window.start().plusMillis(random.nextLong(length));
    var latest = latest(inUse.leaf());
    var late = drawn.isAfter(latest);
    var why =
        "%s suggests from %s to %s%s%s"
            .formatted(
                authority,
                window.start(),
                window.end(),
                window.explanation().map(url -> ", see " + url).orElse(""),
                late ? ", but a tenth of the lifetime is kept for when it fails" : "");
    return new Plan(
        inUse.fingerprint(),
        late ? latest : drawn,
        why,
        clock.instant().plus(pause),
        authority.toString(),
        window.start(),
        window.end());
  }

  private Plan askedAgain(Plan old, Duration pause) {
    return new Plan(
        old.fingerprint(),
        old.at(),
        old.why(),
        clock.instant().plus(pause),
        old.authority(),
        old.windowStart(),
        old.windowEnd());
  }

  private Plan byLifetime(CertificateHome.InUse inUse, @Nullable Plan old) {
    if (old != null && old.authority() == null) {
      return askedAgain(old, USUAL_PAUSE);
    }
    var start = inUse.leaf().getNotBefore().toInstant();
    var lifetime = lifetime(inUse.leaf());
    var jitter = Duration.ofMillis(random.nextLong(Math.max(1, lifetime.dividedBy(30).toMillis())));
    return new Plan(
        inUse.fingerprint(),
        start.plus(lifetime.multipliedBy(2).dividedBy(3)).plus(jitter),
        "two thirds of its lifetime of " + words(lifetime) + " are over then",
        clock.instant().plus(USUAL_PAUSE),
        null,
        null,
        null);
  }

  private static String words(Duration lifetime) {
    return lifetime.toDays() >= 2 ? lifetime.toDays() + " days" : lifetime.toHours() + " hours";
  }

  private static Duration lifetime(X509Certificate leaf) {
    return Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
  }

  private static Instant latest(X509Certificate leaf) {
    return leaf.getNotAfter().toInstant().minus(lifetime(leaf).dividedBy(10));
  }

  private static Duration bounded(Duration asked) {
    if (asked.compareTo(LEAST_PAUSE) < 0) {
      return LEAST_PAUSE;
    }
    return asked.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : asked;
  }
}
