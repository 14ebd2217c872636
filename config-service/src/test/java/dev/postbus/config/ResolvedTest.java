package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postbus.config.LayeredValue.Hidden;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolvedTest {
  private static final String DOMAIN = "[params]\nmail_domain = chat.example.org\n";

  @Test
  void theDefaultsAreThoseOfAPublicRelay() throws InvalidConfiguration {
    var values = resolve(DOMAIN, Map.of(), Map.of()).plain();

    assertThat(values)
        .containsEntry("max_user_send_per_minute", "60")
        .containsEntry("max_user_send_burst_size", "10")
        .containsEntry("max_mailbox_size", "500M")
        .containsEntry("max_message_size", "31457280")
        .containsEntry("delete_mails_after", "20")
        .containsEntry("delete_large_after", "7")
        .containsEntry("delete_inactive_users_after", "90")
        .containsEntry("username_min_length", "9")
        .containsEntry("username_max_length", "9")
        .containsEntry("password_min_length", "9")
        .containsEntry("registration", "open")
        .containsEntry("max_load_1m", "5")
        .containsEntry("min_available_memory", "200M")
        .containsEntry("min_free_disk_space", "1G")
        .containsEntry("max_imap_connections", "10000")
        .containsEntry("max_smtp_connections", "1000")
        .containsEntry("disable_ipv6", "false")
        .containsEntry("iroh_relay", "unset")
        .containsEntry("filtermail_smtp_port", "10080")
        .containsEntry("postfix_reinject_port_incoming", "10026")
        .hasSize(Keys.list().size());
  }

  @Test
  void laterLayersHideEarlierOnes() throws InvalidConfiguration {
    var ini = DOMAIN + "delete_mails_after = 30\ndelete_large_after = 8\nmax_load_1m = 6\n";
    var environment = Map.of("DELETE_MAILS_AFTER", "40", "DELETE_LARGE_AFTER", "9");
    var operator = Map.of("delete_mails_after", "50");

    var values = resolve(ini, environment, operator).values();

    assertThat(values.get("delete_mails_after"))
        .isEqualTo(
            new LayeredValue(
                "50",
                Layer.OPERATOR,
                List.of(
                    new Hidden(Layer.ENVIRONMENT, "40"),
                    new Hidden(Layer.INI, "30"),
                    new Hidden(Layer.DEFAULT, "20"))));
    assertThat(values.get("delete_large_after").all())
        .containsExactly(
            new Hidden(Layer.ENVIRONMENT, "9"),
            new Hidden(Layer.INI, "8"),
            new Hidden(Layer.DEFAULT, "7"));
    assertThat(values.get("max_load_1m").layer()).isEqualTo(Layer.INI);
    assertThat(values.get("acme_email").all()).containsExactly(new Hidden(Layer.DEFAULT, ""));
  }

  @Test
  void theLayersCanBeToldFromWhatTheyCameTo() throws InvalidConfiguration {
    var ini = DOMAIN + "delete_mails_after = 30\nmax_load_1m = 6\n";
    var resolved =
        resolve(ini, Map.of("DELETE_MAILS_AFTER", "40"), Map.of("delete_mails_after", "50"));

    var again = Layers.of(resolved.values());

    assertThat(Resolved.of(again)).isEqualTo(resolved);
    assertThat(again.environment()).containsExactly(Map.entry("DELETE_MAILS_AFTER", "40"));
    assertThat(again.operator()).containsExactly(Map.entry("delete_mails_after", "50"));
    assertThat(again.ini()).containsOnlyKeys("mail_domain", "delete_mails_after", "max_load_1m");
  }

  @ParameterizedTest
  @CsvSource({
    "max_mailbox_size,2gb,2G",
    "max_mailbox_size,500MB,500M",
    "disable_ipv6,Yes,true",
    "mail_domain,_Test.Example,_test.example",
    "mail_domain,_relay.localhost,_relay.localhost",
    "mail_domain,203.0.113.7,203.0.113.7",
    "www_folder,disabled,disabled",
    "mtail_address,0.0.0.0,0.0.0.0",
    "mtail_address,fd00::5,fd00::5",
    "max_message_size,010000,10000",
    "tls_external_cert_and_key,/a/c.pem   /a/k.pem,/a/c.pem /a/k.pem",
    "iroh_relay,https://iroh.example.org:8443,https://iroh.example.org:8443",
    "privacy_postal,'Main Street 1, Springfield','Main Street 1, Springfield'",
  })
  void valuesBecomeCanonical(String key, String written, String canonical)
      throws InvalidConfiguration {
    assertThat(resolve(DOMAIN, Map.of(), Map.of(key, written)).plain())
        .containsEntry(key, canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "mail_domain,localhost",
    "mail_domain,a..b",
    "mail_domain,-a.example",
    "mail_domain,256.1.1.1",
    "mail_domain,1.2.3",
    "mail_domain,a b.example",
    "mail_domain,a.example;",
    "mail_domain,''",
    "max_message_size,-1",
    "max_message_size,1.5",
    "max_message_size,ten",
    "max_message_size,''",
    "max_message_size,99999999999999999999",
    "max_message_size,0",
    "max_message_size,10000 # ten",
    "max_mailbox_size,500",
    "max_mailbox_size,0M",
    "max_mailbox_size,500K",
    "max_mailbox_size,M",
    "delete_mails_after,0",
    "delete_mails_after,20d",
    "username_min_length,65",
    "username_min_length,10",
    "password_min_length,none",
    "registration,private",
    "max_smtp_connections,1",
    "disable_ipv6,maybe",
    "imap_rawlog,2",
    "tls_external_cert_and_key,/only/one",
    "tls_external_cert_and_key,/a /b /c",
    "tls_external_cert_and_key,relative.pem /k",
    "tls_external_cert_and_key,/a;b /k",
    "www_folder,relative",
    "www_folder,/a$HOME",
    "acme_email,nobody",
    "acme_email,a@b@c.org",
    "privacy_mail,a@b.org; rm",
    "privacy_postal,a;b",
    "privacy_pdo,${x}",
    "privacy_supervisor,a`b",
    "iroh_relay,ftp://x",
    "iroh_relay,https://x y",
    "iroh_relay,https://x/{}",
    "mtail_address,here",
    "mtail_address,10.0.0.256",
    "mtail_address,10.1",
    "mtail_address,fe80:::1",
    "filtermail_smtp_port,0",
    "filtermail_smtp_port,65536",
    "filtermail_smtp_port,10025",
  })
  void whatIsNotAllowedIsRefusedByName(String key, String value) {
    var refused =
        catchThrowableOfType(
            InvalidConfiguration.class, () -> resolve(DOMAIN, Map.of(), Map.of(key, value)));

    assertThat(refused).isNotNull();
    assertThat(refused.problems()).isNotEmpty();
    assertThat(refused.getMessage()).contains(key).contains("must");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nsmtpd_tls = no", "a\rb", "a\u0000b", "a\tb"})
  void noValueCanHoldAControlCharacter(String value) {
    for (var key : Keys.list()) {
      assertThat(key.kind().canonical(value)).as(key.name()).isEmpty();
    }
  }

  @Test
  void anUnknownKeyIsNamedWithItsLineAndTheNearestOne() {
    var refused =
        catchThrowableOfType(
            InvalidConfiguration.class,
            () -> resolve(DOMAIN + "\nmax_mesage_size = 5\n", Map.of(), Map.of()));

    var problem = refused.problems().getFirst();
    assertThat(problem.key()).isEqualTo("max_mesage_size");
    assertThat(problem.line()).isEqualTo(4);
    assertThat(problem.suggestion()).isEqualTo("max_message_size");
    assertThat(problem.message()).contains("line 4").contains("did you mean max_message_size");
  }

  @Test
  void aKeyLikeNoOtherGetsNoSuggestion() {
    assertThat(Keys.nearest("zzzzzzzzzzzzzzzzzzzzzzzz")).isEmpty();
  }

  @Test
  void allProblemsAreToldAtOnce() {
    var ini = DOMAIN + "nonsense_key = 1\nmax_load_1m = high\ndisable_ipv6 = perhaps\n";

    var refused =
        catchThrowableOfType(
            InvalidConfiguration.class, () -> resolve(ini, Map.of("ACME_EMAIL", "x"), Map.of()));

    assertThat(refused.problems())
        .extracting(Problem::key)
        .contains("nonsense_key", "max_load_1m", "disable_ipv6", "acme_email");
  }

  @Test
  void aMissingDomainSaysHowToSetIt() {
    assertThatThrownBy(() -> resolve("[params]\n", Map.of(), Map.of()))
        .hasMessageContaining("mail_domain is missing")
        .hasMessageContaining("MAIL_DOMAIN");
  }

  @Test
  void whatIsRenderedIsReadAsTheSame() throws InvalidConfiguration {
    var first =
        resolve(DOMAIN, Map.of("PRIVACY_POSTAL", "Straße 1 # hinten"), Map.of("max_load_1m", "7"));

    var again = resolve(IniFile.render(first.plain()), Map.of(), Map.of());

    assertThat(again.plain()).isEqualTo(first.plain());
  }

  private static Resolved resolve(
      String ini, Map<String, String> environment, Map<String, String> operator)
      throws InvalidConfiguration {
    return Resolved.of(
        new Layers(IniFile.parse(ini.getBytes(StandardCharsets.UTF_8)), environment, operator));
  }
}
