package dev.postbus.policy.metadata;

import dev.postbus.policy.settings.PolicySettings;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** What every client is told, under {@code /shared/vendor/deltachat/}. */
final class SharedKeys {
  /** Postfix's {@code smtpd_recipient_limit}, as rendered by mail-supervisor. */
  private static final String MOST_RECIPIENTS = "1000";

  private final Supplier<PolicySettings.Metadata> settings;
  private final Clock clock;
  private final AppVersions appVersions = new AppVersions();

  SharedKeys(Supplier<PolicySettings.Metadata> settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  Optional<String> value(String name) throws IOException {
    var now = settings.get();
    return switch (name) {
      case "irohrelay" -> Optional.of(now.irohRelay()).filter(url -> !url.isEmpty());
      case "turn" -> TurnCredentials.issue(now.turnHost(), now.turnSecret(), clock.instant());
      case "maxsmtprecipients" -> Optional.of(MOST_RECIPIENTS);
      case "appversions" -> appVersions.line(now.appVersions());
      default -> Optional.empty();
    };
  }
}
