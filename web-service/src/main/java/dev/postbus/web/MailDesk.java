package dev.postbus.web;

import dev.postbus.web.services.Answer;
import dev.postbus.web.services.Service;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Services;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Asks mail-supervisor what has to be known before an account is offered. */
final class MailDesk {
  /** An app waits for the answer, and can ask again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Services services;

  MailDesk(Services services) {
    this.services = services.within(PATIENCE);
  }

  /** Whether the operator's file keeps new accounts from being made. */
  boolean creationBlocked() throws ServiceAway {
    var answer = services.get(Service.MAIL, "/mail/creation");
    if (!answer.good()) {
      throw unexpected(answer);
    }
    return answer.json().path("blocked").asBoolean();
  }

  /**
   * Takes a use of an invitation for an account. mail-policy is told what proves the password, not
   * the password.
   *
   * @return why it is refused, for whoever wants an account; empty if it is taken
   */
  Optional<String> claim(String invite, String address, String password) throws ServiceAway {
    var answer =
        services.send(
            Service.MAIL,
            "POST",
            "/mail/invites/claim",
            Map.of("token", invite, "address", address, "proof", sha256(password)));
    if (answer.good()) {
      return Optional.empty();
    }
    if (answer.status() != HttpURLConnection.HTTP_FORBIDDEN) {
      throw unexpected(answer);
    }
    return Optional.of(answer.problems().getFirst());
  }

  private static ServiceAway unexpected(Answer answer) {
    return new ServiceAway(Service.MAIL, "answered with status " + answer.status());
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
