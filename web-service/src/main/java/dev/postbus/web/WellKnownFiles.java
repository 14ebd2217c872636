package dev.postbus.web;

import dev.postbus.events.MtaSts;
import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** What other programs look for at places that are agreed on. */
final class WellKnownFiles {
  private static final int MONTHS_VALID = 6;

  private final WebPorts ports;
  private final Clock clock;

  WellKnownFiles(WebPorts ports, Clock clock) {
    this.ports = ports;
    this.clock = clock;
  }

  void write(RelayConfiguration configuration, Path into) throws IOException {
    var domain = configuration.mailDomain();
    var values =
        Map.of(
            "domain", Html.escape(domain),
            "imaps", "" + ports.imaps(),
            "imap", "" + ports.imap(),
            "https", "" + ports.https(),
            "submissions", "" + ports.submissions(),
            "submission", "" + ports.submission());
    var folder = Files.createDirectories(into.resolve(".well-known/autoconfig/mail"));
    Files.writeString(
        folder.resolve("config-v1.1.xml"), Template.fill(Resources.text("autoconfig.xml"), values));
    Files.writeString(into.resolve(".well-known/mta-sts.txt"), new MtaSts(domain).policy());
    security(configuration, into.resolve(".well-known/security.txt"));
  }

  /** RFC 9116; without somebody to write to, there is none. */
  private void security(RelayConfiguration configuration, Path file) throws IOException {
    var mail = configuration.text("privacy_mail");
    if (mail.isEmpty()) {
      return;
    }
    // Another text only once a month, though it is rendered each day.
    var expires =
        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
            .withDayOfMonth(1)
            .plusMonths(MONTHS_VALID);
    Files.writeString(
        file,
        "Contact: mailto:%s\r\nExpires: %sT00:00:00Z\r\nPreferred-Languages: en, ru\r\n%s"
            .formatted(mail, expires, canonical(configuration)));
  }

  /** Where it says that it is. The test of a port is not part of it. */
  private static String canonical(RelayConfiguration configuration) {
    return "Canonical: https://" + configuration.mailDomain() + "/.well-known/security.txt\r\n";
  }
}
