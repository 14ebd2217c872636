package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.certificates.StoredCertificate;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "relay.example, true, unset, https://relay.example:20443",
    "192.0.2.1, true, unset, https://192.0.2.1:20443",
    "relay.example, false, unset, ''",
    "relay.example, true, https://iroh.example:8443, https://iroh.example:8443",
    "relay.example, false, https://iroh.example:8443, https://iroh.example:8443",
    "relay.example, true, '', ''",
  })
  void clientsAreToldOfTheIrohRelayThatIsThere(
      String domain, boolean there, String value, String told) throws IOException {
    var policy = policy(Map.of("mail_domain", domain, "iroh_relay", value), there);

    assertThat(policy.path("metadata").path("irohRelay").asText()).isEqualTo(told);
  }

  @Test
  void mailPolicyIsToldWhereMetricsAreWantedAndFound() throws IOException {
    var metrics = policy(Map.of("mtail_address", "192.0.2.7")).path("metrics");

    assertThat(metrics.path("address").asText()).isEqualTo("192.0.2.7");
    assertThat(metrics.path("dovecotPort").asInt()).isEqualTo(29_106);
    assertThat(Files.readString(folder.resolve("rendered/dovecot/dovecot.conf")))
        .contains("port = 29106");
  }

  @Test
  void turnIsOnTheRelaysHostWithoutTheBracketsOfAnAddress() throws IOException {
    var policy = policy(Map.of("mail_domain", "192.0.2.1"));

    assertThat(policy.path("mailDomain").asText()).isEqualTo("[192.0.2.1]");
    assertThat(policy.path("metadata").path("turnHost").asText()).isEqualTo("192.0.2.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://push.example/notify", "https:///notify", "push.example", ""})
  void onlyAnHttpsUrlIsTakenForTheNotificationServer(String url) {
    assertThatThrownBy(() -> new NotificationSettings(URI.create(url), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("POSTBUS_NOTIFICATION_URL must be an https URL");
  }

  @ParameterizedTest
  @CsvSource({
    "maximal_queue_lifetime, 2d",
    "bounce_queue_lifetime, 2d",
    "queue_run_delay, 10s",
    "minimal_backoff_time, 10s",
    "maximal_backoff_time, 1h",
    "delay_warning_time, 0h",
    "smtpd_proxy_timeout, 100s",
    "smtpd_recipient_limit, 1000",
    "smtp_tls_security_level, verify",
    "smtpd_client_connection_count_limit, 20",
  })
  void postfixReadsTheValueThatTheRelayPromises(String name, String value) throws IOException {
    policy(Map.of("mail_domain", "relay.example"));
    var config = folder.resolve("rendered/postfix").toString();

    assertThat(said("/usr/sbin/postconf", "-c", config, "-h", name)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "_private.example, encrypt",
    "[192.0.2.1], encrypt",
    "other.example, ''",
    "a_b.example, ''"
  })
  void onlyWhereNobodyCanVouchForACertificateNoneIsVerified(String domain, String level)
      throws IOException {
    policy(Map.of("mail_domain", "relay.example"));
    var config = folder.resolve("rendered/postfix");
    var map = "pcre:" + config.resolve("tls_policy");

    assertThat(said("/usr/sbin/postmap", "-c", config.toString(), "-q", domain, map))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 30 secs",
    "true, 0",
  })
  void aClientSleepsAfterHalfAMinuteUnlessItsMailIsCompressed(boolean compress, String after)
      throws IOException {
    policy(Map.of("mail_domain", "relay.example", "imap_compress", "" + compress));

    assertThat(dovecot("-f", "protocol=imap", "imap_hibernate_timeout")).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({
    "service/imap-login/service_count, 0",
    "service/imap/process_limit, 100",
    "service/anvil/unix_listener/anvil-auth-penalty/mode, 00",
    "ssl_min_protocol, TLSv1.3",
    "plugin/zlib_save, gz"
  })
  void dovecotReadsTheValueThatTheRelayPromises(String name, String value) throws IOException {
    policy(Map.of("mail_domain", "relay.example"));

    assertThat(dovecot(name)).isEqualTo(value);
  }

  private String dovecot(String... words) throws IOException {
    var command = new ArrayList<String>();
    command.addAll(List.of("/usr/bin/doveconf", "-h", "-c"));
    command.add(folder.resolve("rendered/dovecot/dovecot.conf").toString());
    command.addAll(List.of(words));
    return said(command.toArray(String[]::new));
  }

  /** What a program writes to its output, without white space around it. */
  private static String said(String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    try (var output = process.getInputStream()) {
      return new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private JsonNode policy(Map<String, String> changes) throws IOException {
    return policy(changes, false);
  }

  private JsonNode policy(Map<String, String> changes, boolean irohRelay) throws IOException {
    var notifications =
        new NotificationSettings(URI.create(NotificationSettings.STANDARD), Optional.empty());
    var settings = RunningMail.settings(folder, 20_000, folder, notifications, irohRelay);
    Files.createDirectories(settings.folder());
    settings.renewalTable().prepare();
    var rendered = Files.createDirectory(folder.resolve("rendered"));
    new MailFiles(settings)
        .render(
            RunningMail.configuration(changes), new StoredCertificate(folder, List.of()), rendered);
    return new ObjectMapper()
        .readTree(rendered.resolve("mail-policy").resolve("policy.json").toFile());
  }
}
