package dev.postbus.cert.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.AcmeUtils;

/** One conversation with an authority; what it refuses comes out as an {@link AcmeFailure}. */
final class CaSession implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LONGEST_WAIT = Duration.ofDays(3);

  private final Authority authority;
  private final CaProvider provider;
  private final Session session;

  CaSession(Authority authority) {
    this.authority = authority;
    this.provider = new CaProvider(authority);
    this.session = new Session(authority.directory(), provider);
    session.networkSettings().setTimeout(PATIENCE);
  }

  /** A question to the authority. */
  interface Question<T> {
    T ask() throws AcmeException;
  }

  /** A question without an answer of interest. */
  interface Request {
    void send() throws AcmeException;
  }

  Session session() {
    return session;
  }

  /** Asks, and says what a refusal means at this point. */
  <T> T ask(FailureKind refused, String what, Question<T> question)
      throws AcmeFailure, InterruptedException {
    try {
      return question.ask();
    } catch (AcmeException | AcmeProtocolException | AcmeLazyLoadingException e) {
      // That is this service being stopped, not the authority's doing; acme4j hides it.
      if (isInterruption(e)) {
        throw new InterruptedException();
      }
      var wrapped = e instanceof AcmeLazyLoadingException ? e.getCause() : null;
      throw failure(refused, what, wrapped instanceof AcmeException inner ? inner : e);
    }
  }

  /** By which domains CAA records name the authority, as it says itself; it may not say. */
  List<String> caaIdentities() throws AcmeFailure, InterruptedException {
    return ask(
        FailureKind.SERVER_ERROR,
        "the directory was not handed out",
        () -> List.copyOf(session.getMetadata().getCaaIdentities()));
  }

  void send(FailureKind refused, String what, Request request)
      throws AcmeFailure, InterruptedException {
    ask(
        refused,
        what,
        () -> {
          request.send();
          return "";
        });
  }

  /** Whether the authority knows the account no more. */
  static boolean isAccountGone(AcmeFailure failure) {
    return failure.getCause() instanceof AcmeServerException e
        && error(e.getProblem()).equals("accountDoesNotExist");
  }

  private AcmeFailure failure(FailureKind refused, String what, Exception e) {
    var retryAfter = Optional.ofNullable(provider.retryAfter()).map(CaSession::sane).orElse(null);
    var begin = "%s: %s".formatted(authority, what);
    return switch (e) {
      case AcmeNetworkException network ->
          new AcmeFailure(
              FailureKind.UNREACHABLE,
              begin + ": the authority does not answer: " + words(network.getCause()),
              null,
              e);
      case AcmeServerException server -> {
        var problem = server.getProblem();
        var kind =
            switch (error(problem)) {
              case "badNonce" -> FailureKind.BAD_NONCE;
              case "rateLimited" -> FailureKind.RATE_LIMITED;
              case "serverInternal" -> FailureKind.SERVER_ERROR;
              case "accountDoesNotExist",
                  "userActionRequired",
                  "externalAccountRequired",
                  "invalidContact",
                  "unsupportedContact" ->
                  FailureKind.ACCOUNT;
              case "caa" -> FailureKind.CAA;
              default -> refused;
            };
        yield new AcmeFailure(
            kind,
            "%s: the authority says: %s (%s)".formatted(begin, problem, error(problem)),
            retryAfter,
            e);
      }
      case AcmeNotSupportedException unsupported ->
          new AcmeFailure(refused, begin + ": " + words(unsupported), null, e);
      default ->
          // Whoever answers without the problem document of RFC 7807 is in no state to judge.
          new AcmeFailure(FailureKind.SERVER_ERROR, begin + ": " + words(e), retryAfter, e);
    };
  }

  private static boolean isInterruption(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private static String error(Problem problem) {
    var type = problem.getType().toString();
    return java.util.Objects.requireNonNullElse(AcmeUtils.stripErrorPrefix(type), type);
  }

  private static String words(@Nullable Throwable e) {
    if (e == null) {
      return "no reason given";
    }
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** No authority can keep us from asking for more than a few days. */
  private static Duration sane(Instant wish) {
    var wait = Duration.between(Instant.now(), wish);
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  Login login(AuthorityFolder.Account account, java.security.KeyPair key) {
    try {
      return session.login(java.net.URI.create(account.url()).toURL(), key);
    } catch (java.net.MalformedURLException e) {
      throw new IllegalStateException("the account's address is none: " + account.url(), e);
    }
  }

  @Override
  public void close() {
    provider.closeClient();
  }
}
