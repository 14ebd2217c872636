package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What variables of the environment do; which come here at all is the stack's business. */
class EnvironmentTest {
  private static final Map<String, IniFile.Value> INI =
      Map.of("mail_domain", new IniFile.Value("chat.example", 2));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAIL_DOMAIN|other.example|other.example",
        "MAX_USER_SEND_PER_MINUTE|61|61",
        "MAX_USER_SEND_BURST_SIZE|11|11",
        "MAX_MAILBOX_SIZE|1gb|1G",
        "MAX_MESSAGE_SIZE|50M|52428800",
        "DELETE_MAILS_AFTER|21|21",
        "DELETE_LARGE_AFTER|8|8",
        "DELETE_INACTIVE_USERS_AFTER|91|91",
        "USERNAME_MIN_LENGTH|5|5",
        "USERNAME_MAX_LENGTH|12|12",
        "PASSWORD_MIN_LENGTH|10|10",
        "REGISTRATION|Invite|invite",
        "MAX_LOAD_1M|7|7",
        "MIN_AVAILABLE_MEMORY|100MB|100M",
        "MIN_FREE_DISK_SPACE|2G|2G",
        "MAX_IMAP_CONNECTIONS|999|999",
        "MAX_SMTP_CONNECTIONS|50|50",
        "TLS_EXTERNAL_CERT_AND_KEY|/c.pem  /k.pem|/c.pem /k.pem",
        "WWW_FOLDER|disabled|disabled",
        "DISABLE_IPV6|True|true",
        "ACME_EMAIL|me@chat.example|me@chat.example",
        "IROH_RELAY|https://iroh.example|https://iroh.example",
        "MTAIL_ADDRESS|192.0.2.7|192.0.2.7",
        "IMAP_RAWLOG|yes|true",
        "IMAP_COMPRESS|1|true",
        "PRIVACY_POSTAL|Main Street 1|Main Street 1",
        "PRIVACY_MAIL|me@chat.example|me@chat.example",
        "PRIVACY_PDO|Anna|Anna",
        "PRIVACY_SUPERVISOR|The state|The state",
        "FILTERMAIL_SMTP_PORT|11080|11080",
        "FILTERMAIL_SMTP_PORT_INCOMING|11081|11081",
        "POSTFIX_REINJECT_PORT|11025|11025",
        "POSTFIX_REINJECT_PORT_INCOMING|11026|11026",
      })
  void aVariableCountsMoreThanTheFile(String variable, String value, String canonical)
      throws InvalidConfiguration {
    var key = variable.toLowerCase(java.util.Locale.ROOT);

    var values = Resolved.of(new Layers(INI, Map.of(variable, value), Map.of())).values();

    assertThat(values.get(key))
        .extracting(LayeredValue::value, LayeredValue::layer)
        .containsExactly(canonical, Layer.ENVIRONMENT);
    assertThat(values.entrySet())
        .filteredOn(entry -> entry.getValue().layer() == Layer.ENVIRONMENT)
        .hasSize(1);
  }

  @Test
  void theCasesAboveAreAllKeys() throws Exception {
    var method =
        EnvironmentTest.class.getDeclaredMethod(
            "aVariableCountsMoreThanTheFile", String.class, String.class, String.class);
    var cases = List.of(method.getAnnotation(CsvSource.class).value());

    assertThat(cases.stream().map(line -> line.split("\\|")[0]))
        .containsExactlyElementsOf(Keys.list().stream().map(Key::variable).toList());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "True, true", "1, true", "false, false", "False, false", "'', false"})
  void theFileIsWrittenAnewWhenThatIsAskedFor(String value, boolean anew) throws Exception {
    assertThat(OlderVariables.rewriteIni(Map.of("FORCE_REINIT_INI_FILE", value))).isEqualTo(anew);
    assertThat(OlderVariables.rewriteIni(Map.of())).isFalse();
  }

  @Test
  void whatCannotMeanThatIsRefused() {
    assertThatThrownBy(() -> OlderVariables.rewriteIni(Map.of("FORCE_REINIT_INI_FILE", "maybe")))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessage("FORCE_REINIT_INI_FILE must be true or false, not 'maybe'");
  }

  @ParameterizedTest
  @CsvSource({
    "RECREATE_VENV, true, nothing to recreate",
    "CHANGE_KERNEL_SETTINGS, True, ./postbus doctor",
    "DEBUG_COMMANDS_ENABLED, true, ./postbus logs",
    "ENABLE_CERTS_MONITORING, false, always taken",
  })
  void whatHasNoEffectIsSaidOnce(String variable, String asks, String said) {
    assertThat(OlderVariables.notices(Map.of(variable, asks)))
        .singleElement()
        .asString()
        .startsWith(variable + " has no effect: ")
        .contains(said);

    // The other value asks for nothing that is missing
    var other = asks.equalsIgnoreCase("true") ? "False" : "true";
    assertThat(OlderVariables.notices(Map.of(variable, other))).isEmpty();
    assertThat(OlderVariables.notices(Map.of(variable, ""))).isEmpty();
  }

  @Test
  void whatElseIsThereIsNobodysConcern() throws InvalidConfiguration {
    var environment = new HashMap<String, String>();
    environment.put("PATH", "/usr/bin");
    environment.put("USE_FOREIGN_CERT_MANAGER", "true");
    environment.put("MAX_LOAD", "not a key");

    assertThat(Resolved.of(new Layers(INI, environment, Map.of())).plain())
        .isEqualTo(Resolved.of(new Layers(INI, Map.of(), Map.of())).plain());
    assertThat(OlderVariables.notices(environment)).isEmpty();
  }
}
