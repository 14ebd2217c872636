package dev.postbus.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.supervision.ProcessDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which service is told of which variable of who starts the stack. */
class EnvironmentTest {
  @TempDir Path programs;

  @BeforeEach
  void stage() throws Exception {
    for (var program : List.of("broker", "mail-policy")) {
      Files.createDirectory(programs.resolve(program));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INI_FILE, config-service",
    "FORCE_REINIT_INI_FILE, config-service",
    "RECREATE_VENV, config-service",
    "CHANGE_KERNEL_SETTINGS, config-service",
    "DEBUG_COMMANDS_ENABLED, config-service",
    "ENABLE_CERTS_MONITORING, config-service",
    "USE_FOREIGN_CERT_MANAGER, cert-service",
    "PATH_TO_SSL, cert-service",
    "CERTS_MONITORING_TIMEOUT, cert-service",
    "MAX_USER_SEND_PER_MINUTE, config-service",
    "MAX_USER_SEND_BURST_SIZE, config-service",
    "MAX_MAILBOX_SIZE, config-service",
    "MAX_MESSAGE_SIZE, config-service",
    "DELETE_MAILS_AFTER, config-service",
    "DELETE_LARGE_AFTER, config-service",
    "DELETE_INACTIVE_USERS_AFTER, config-service",
    "USERNAME_MIN_LENGTH, config-service",
    "USERNAME_MAX_LENGTH, config-service",
    "PASSWORD_MIN_LENGTH, config-service",
    "REGISTRATION, config-service",
    "MAX_LOAD_1M, config-service",
    "MIN_AVAILABLE_MEMORY, config-service",
    "MIN_FREE_DISK_SPACE, config-service",
    "MAX_IMAP_CONNECTIONS, config-service",
    "MAX_SMTP_CONNECTIONS, config-service",
    "TLS_EXTERNAL_CERT_AND_KEY, config-service",
    "WWW_FOLDER, config-service",
    "DISABLE_IPV6, config-service",
    "ACME_EMAIL, config-service",
    "IROH_RELAY, config-service",
    "MTAIL_ADDRESS, config-service",
    "IMAP_RAWLOG, config-service",
    "IMAP_COMPRESS, config-service",
    "PRIVACY_POSTAL, config-service",
    "PRIVACY_MAIL, config-service",
    "PRIVACY_PDO, config-service",
    "PRIVACY_SUPERVISOR, config-service",
    "FILTERMAIL_SMTP_PORT, config-service",
    "FILTERMAIL_SMTP_PORT_INCOMING, config-service",
    "POSTFIX_REINJECT_PORT, config-service",
    "POSTFIX_REINJECT_PORT_INCOMING, config-service",
  })
  void aVariableComesToWhoAsksForItAndNobodyElse(String variable, String service) {
    for (var shape : Shape.values()) {
      assertThat(processes(shape, Map.of(variable, "said")))
          .filteredOn(process -> "said".equals(process.environment().get(variable)))
          .extracting(ProcessDescription::name)
          .containsExactly(shape.processOf(service));
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void theDomainIsTheStacksAndNothingElseIsHandedOn(Shape shape) {
    var variables = Map.of("MAIL_DOMAIN", "other.example", "LD_PRELOAD", "/evil.so", "SECRET", "x");

    assertThat(processes(shape, variables))
        .filteredOn(process -> !process.name().equals("broker"))
        .isNotEmpty()
        .allSatisfy(
            process ->
                assertThat(process.environment())
                    .containsEntry("MAIL_DOMAIN", "relay.example")
                    .doesNotContainKeys("LD_PRELOAD", "SECRET"));
  }

  @Test
  void whoHasAForeignManagersCertificateMayReadIt() {
    for (var variable : List.of("USE_FOREIGN_CERT_MANAGER", "TLS_EXTERNAL_CERT_AND_KEY")) {
      assertThat(mayReadAll(Map.of(variable, "true"))).isTrue();
      assertThat(mayReadAll(Map.of(variable, " "))).isFalse();
    }
    assertThat(mayReadAll(Map.of("USE_FOREIGN_CERT_MANAGER", "False"))).isFalse();
  }

  private boolean mayReadAll(Map<String, String> variables) {
    return processes(Shape.SEPARATE, variables).stream()
        .anyMatch(
            process ->
                process.name().equals("cert-service")
                    && process.runAs().toString().contains("dac_read_search"));
  }

  private List<ProcessDescription> processes(Shape shape, Map<String, String> variables) {
    return shape.processes(
        Path.of("/state"),
        new JavaCommand(programs, null),
        new StackSettings("relay.example", 0, shape),
        variables);
  }
}
