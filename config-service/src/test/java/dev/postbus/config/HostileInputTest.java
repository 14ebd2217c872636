package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong is refused with key, place and what is allowed, and nothing comes of it. */
class HostileInputTest {
  private static final Version.Author TESTER = new Version.Author("api:tester", null);
  private static final String HEAD = "[params]\nmail_domain = _test.example\n";
  private static final Map<String, String> ENVIRONMENT = Map.of("MAIL_DOMAIN", "_test.example");

  @TempDir static Path data;
  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private EventBus bus;
  private Path ini;

  /**
   * A wrong input.
   *
   * @param told what the refusal must say: the key or what is wrong, and what is allowed
   */
  record Wrong(String name, Supplier<byte[]> ini, List<String> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A wrong value of a key, wherever it comes from. */
  record WrongValue(String key, String value, String allowed) {
    @Override
    public String toString() {
      return key + " = " + value.replaceAll("\\p{Cntrl}", "?");
    }
  }

  static Stream<Wrong> files() {
    return Stream.of(
        file(
            "unknown key",
            HEAD + "wholly_unknown_thing = 1\n",
            "wholly_unknown_thing",
            "line 3",
            "the keys are mail_domain, max_user"),
        file(
            "near miss",
            HEAD + "\nmax_mailbox_sise = 1G\n",
            "max_mailbox_sise",
            "line 4",
            "did you mean max_mailbox_size"),
        file(
            "capitals",
            HEAD + "MAX_LOAD_1M = 3\n",
            "MAX_LOAD_1M",
            "line 3",
            "did you mean max_load_1m"),
        file(
            "hyphens",
            HEAD + "max-load-1m = 3\n",
            "max-load-1m",
            "line 3",
            "did you mean max_load_1m"),
        file(
            "key with terminal codes",
            HEAD + "max_load\u200b_1m = 3\n",
            "max_load?_1m",
            "line 3",
            "did you mean max_load_1m"),
        file(
            "key twice",
            HEAD + "max_load_1m = 3\nmax_load_1m = 3\n",
            "max_load_1m on line 4",
            "line 3",
            "may stand once"),
        file(
            "domain twice",
            HEAD + "mail_domain = other.example\n",
            "mail_domain on line 3",
            "line 2",
            "may stand once"),
        file(
            "no section", "mail_domain = _test.example\n", "line 1", "before the section [params]"),
        file("no section at all", "", "the section [params] is missing"),
        file("comments alone", "# nothing\n\n", "the section [params] is missing"),
        file(
            "other section",
            "[relay]\nmail_domain = _test.example\n",
            "line 1",
            "the only section is [params]"),
        file("section twice", HEAD + "[params]\n", "line 3", "the only section is [params], once"),
        file(
            "second section",
            HEAD + "[privacy]\nprivacy_pdo = x\n",
            "line 3",
            "the only section is [params]"),
        file(
            "section without its end",
            "[params\nmail_domain = _test.example\n",
            "line 1",
            "the only section is [params]"),
        file("no value", HEAD + "max_load_1m\n", "line 3", "must be: key = value"),
        file("no key", HEAD + "= 5\n", "line 3", "must be: key = value"),
        file("colon", HEAD + "max_load_1m: 5\n", "line 3", "must be: key = value"),
        file(
            "shell",
            HEAD + "export max_load_1m=5\n",
            "export max_load_1m",
            "line 3",
            "the keys are"),
        file(
            "empty value",
            HEAD + "max_load_1m =\n",
            "max_load_1m on line 3",
            "a whole number from 1 to 10000"),
        file(
            "comment behind the value",
            HEAD + "max_load_1m = 5 # enough\n",
            "max_load_1m on line 3",
            "a whole number from 1 to 10000"),
        file(
            "quoted value",
            HEAD + "max_load_1m = \"5\"\n",
            "max_load_1m on line 3",
            "a whole number"),
        file("two byte order marks", "\uFEFF\uFEFF" + HEAD, "line 1"),
        file(
            "byte order mark inside",
            HEAD + "\uFEFFmax_load_1m = 5\n",
            "?max_load_1m",
            "line 3",
            "did you mean max_load_1m"),
        file(
            "wrong value with CRLF",
            HEAD.replace("\n", "\r\n") + "max_load_1m = x\r\n",
            "max_load_1m on line 3",
            "a whole number"),
        file("CR alone ends no line", HEAD.replace('\n', '\r'), "line 1", "U+000D", "allowed"),
        file("CR within a value", HEAD + "privacy_pdo = a\rmax_load_1m = 2\n", "line 3", "U+000D"),
        file("NUL", HEAD + "privacy_pdo = a\0b\n", "line 3", "U+0000", "allowed"),
        file("escape sequence", HEAD + "privacy_pdo = \u001b[2J\n", "line 3", "U+001B", "allowed"),
        file("separator at the end", HEAD + "max_load_1m = 5\u001f\n", "line 3", "U+001F"),
        file("next line", HEAD + "privacy_pdo = a\u0085max_load_1m = 2\n", "line 3", "U+0085"),
        file(
            "tab within a value",
            HEAD + "privacy_pdo = a\tb\n",
            "privacy_pdo on line 3",
            "without control characters"),
        file(
            "line separator",
            HEAD + "privacy_pdo = a\u2028b\n",
            "privacy_pdo on line 3",
            "one line of at most 2000 characters"),
        file(
            "long value",
            HEAD + "privacy_pdo = " + "x".repeat(2001) + "\n",
            "privacy_pdo on line 3",
            "at most 2000 characters"),
        file("long key", HEAD + "x".repeat(500_000) + " = 1\n", "line 3", "the keys are"),
        file(
            "value of the whole file",
            HEAD + "max_load_1m = " + "9".repeat(900_000) + "\n",
            "max_load_1m on line 3",
            "a whole number"),
        new Wrong(
            "10 MB",
            () -> "#\n".repeat(5 << 20).getBytes(StandardCharsets.UTF_8),
            List.of("larger than 1 MiB")),
        new Wrong(
            "ISO 8859-1",
            () -> (HEAD + "privacy_postal = Straße\n").getBytes(StandardCharsets.ISO_8859_1),
            List.of("not UTF-8")),
        new Wrong("UTF-16", () -> HEAD.getBytes(StandardCharsets.UTF_16), List.of("not UTF-8")),
        new Wrong(
            "UTF-16 without its mark",
            () -> HEAD.getBytes(StandardCharsets.UTF_16LE),
            List.of("line 1", "U+0000", "allowed")),
        new Wrong("overlong form", () -> bytes(HEAD, 0xc0, 0xaf), List.of("not UTF-8")),
        new Wrong(
            "half a surrogate pair", () -> bytes(HEAD, 0xed, 0xa0, 0x80), List.of("not UTF-8")),
        new Wrong("program", () -> bytes("", 0x7f, 'E', 'L', 'F', 2, 1, 1, 0), List.of("line 1")),
        file(
            "least above most",
            HEAD + "username_min_length = 10\n",
            "username_min_length on line 3",
            "must not be more than username_max_length (9)"),
        file(
            "one port twice",
            HEAD + "filtermail_smtp_port = 10025\n",
            "postfix_reinject_port",
            "must differ",
            "filtermail_smtp_port"),
        file(
            "port of another service",
            HEAD + "postfix_reinject_port = 10053\n",
            "postfix_reinject_port on line 3",
            "must differ from the port of the resolver"));
  }

  static Stream<WrongValue> values() {
    var number = "a whole number from";
    var truth = "true or false";
    var size = "a size such as 500M";
    var domain = "a domain such as chat.example.org";
    var text = "without control characters and ${};`\\\"";
    var mail = "an e-mail address, or empty";
    var url = "an address such as https://";
    var address = "an IP address, or empty";
    var paths = "2 absolute paths separated by a space";
    var path = "an absolute path";
    return Stream.of(
        new WrongValue("max_load_1m", "-1", number),
        new WrongValue("max_load_1m", "+1", number),
        new WrongValue("max_load_1m", "1 2", number),
        new WrongValue("max_load_1m", "1,2", number),
        new WrongValue("max_load_1m", "0x10", number),
        new WrongValue("max_load_1m", "1e3", number),
        new WrongValue("max_load_1m", "٣", number),
        new WrongValue("max_load_1m", "true", number),
        new WrongValue("max_load_1m", "10001", number),
        new WrongValue("max_load_1m", "5\n", number),
        new WrongValue("max_message_size", "9223372036854775808", number),
        new WrongValue("max_message_size", "2049M", number),
        new WrongValue("max_message_size", "30K", number),
        new WrongValue("max_message_size", "31457280\nsmtpd_tls_security_level = none", number),
        new WrongValue("max_smtp_connections", "100 smtpd\n25 inet n - n - - pipe", number),
        new WrongValue("max_imap_connections", "100\n}\nservice x {", number),
        new WrongValue("filtermail_smtp_port", "25", number),
        new WrongValue("filtermail_smtp_port", "10080 -o content_filter=", number),
        new WrongValue("postfix_reinject_port", "60000", number),
        new WrongValue("max_mailbox_size", "500M:storage=0", size),
        new WrongValue("max_mailbox_size", "500M\nssl = no", size),
        new WrongValue("max_mailbox_size", "9999999999G", size),
        new WrongValue("max_mailbox_size", "1.5G", size),
        new WrongValue("disable_ipv6", "1\n", truth),
        new WrongValue("disable_ipv6", "maybe", truth),
        new WrongValue("imap_rawlog", "yes\nverbose_ssl = yes", truth),
        new WrongValue("mail_domain", "_test.example\nmynetworks = 0.0.0.0/0", domain),
        new WrongValue("mail_domain", "_test.example;include /etc/shadow", domain),
        new WrongValue("mail_domain", "_test.example $mydomain", domain),
        new WrongValue("mail_domain", "${stress?{all}}", domain),
        new WrongValue("mail_domain", "$(reboot)", domain),
        new WrongValue("mail_domain", "a.example, b.example", domain),
        new WrongValue("mail_domain", "a.example { }", domain),
        new WrongValue("mail_domain", "a.example #", domain),
        new WrongValue("mail_domain", "../../etc", domain),
        new WrongValue("mail_domain", "\u212Aelvin.example", domain),
        new WrongValue("mail_domain", "münchen.example", domain),
        new WrongValue("mail_domain", "01.2.3.4", domain),
        new WrongValue("mail_domain", "1.2.3.4.5", domain),
        new WrongValue("mail_domain", "a.1", domain),
        new WrongValue("mail_domain", "::1", domain),
        new WrongValue("mail_domain", "a".repeat(64) + ".example", domain),
        new WrongValue("mail_domain", "a.".repeat(126) + "example", domain),
        new WrongValue("tls_external_cert_and_key", "/c", paths),
        new WrongValue("tls_external_cert_and_key", "/c /k /more", paths),
        new WrongValue("tls_external_cert_and_key", "/c\n/k", paths),
        new WrongValue("tls_external_cert_and_key", "/c /k\n", paths),
        new WrongValue("tls_external_cert_and_key", "/c;ssl_engine /k", paths),
        new WrongValue("tls_external_cert_and_key", "/c \"/k\"", paths),
        new WrongValue("www_folder", "/a b", path),
        new WrongValue("www_folder", "Disabled", path),
        new WrongValue("www_folder", "/pages\n", path),
        new WrongValue("acme_email", "a@b.example, c@d.example", mail),
        new WrongValue("acme_email", "a..b@c.example", mail),
        new WrongValue("privacy_mail", "me@a.example\nmail_plugins =", mail),
        new WrongValue("privacy_mail", "%u@a.example", mail),
        new WrongValue("privacy_mail", "<script>@a.example", mail),
        new WrongValue("privacy_mail", "a@" + "b.".repeat(300) + "example", mail),
        new WrongValue("iroh_relay", "https://:443", url),
        new WrongValue("iroh_relay", "https://a.example:99999", url),
        new WrongValue("iroh_relay", "https://a..example", url),
        new WrongValue("iroh_relay", "https://user@a.example", url),
        new WrongValue("iroh_relay", "https://[::1", url),
        new WrongValue("iroh_relay", "javascript:alert(1)", url),
        new WrongValue("iroh_relay", "https://a.example\r\nX: y", url),
        new WrongValue("mtail_address", "0.0.0.0:9105", address),
        new WrongValue("mtail_address", "fe80::1%eth0", address),
        new WrongValue("mtail_address", "127.0.0.1 ", address),
        new WrongValue("privacy_postal", "a; b", text),
        new WrongValue("privacy_postal", "${HOME}", text),
        new WrongValue("privacy_pdo", "a\nb", text),
        new WrongValue("privacy_pdo", "\ud800", text),
        new WrongValue("privacy_supervisor", "a\\nb", text));
  }

  private static Wrong file(String name, String text, String... told) {
    return new Wrong(name, () -> text.getBytes(StandardCharsets.UTF_8), List.of(told));
  }

  private static byte[] bytes(String text, int... more) {
    var head = text.getBytes(StandardCharsets.UTF_8);
    var all = Arrays.copyOf(head, head.length + more.length);
    for (var i = 0; i < more.length; i++) {
      all[head.length + i] = (byte) more[i];
    }
    return all;
  }

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.startOnFreePorts(data);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() {
    ini = folder.resolve("chatmail.ini");
    bus =
        EventBus.open(
            new BusSettings(
                broker.bootstrap(),
                "_test.example",
                "config-service-" + folder.getFileName(),
                folder.resolve("outbox"),
                (short) 1));
  }

  @AfterEach
  void close() {
    bus.close();
  }

  @ParameterizedTest
  @MethodSource("files")
  void aWrongFileIsRefusedAndTheVersionBeforeGoesOn(Wrong wrong) throws Exception {
    // Given a relay with a version in force
    var keeper = start(ENVIRONMENT);
    var before = versions();

    // When the file is judged, then it is refused, with all there is to say
    var refused =
        catchThrowableOfType(InvalidConfiguration.class, () -> keeper.validate(wrong.ini().get()));
    assertThat(refused).hasMessageContainingAll(wrong.told().toArray(CharSequence[]::new));
    assertThat(refused.getMessage().length()).as("message").isLessThan(3_000);

    // And when the service starts with it, then nothing has changed
    Files.write(ini, wrong.ini().get());
    var again = start(ENVIRONMENT);
    assertThat(again.problems())
        .extracting(Problem::message)
        .containsExactlyElementsOf(refused.problems().stream().map(Problem::message).toList());
    assertThat(again.current().number()).isEqualTo(1);
    assertThat(versions()).isEqualTo(before);
    assertThat(ini).hasBinaryContent(wrong.ini().get());
  }

  @Test
  void aWrongValueIsRefusedWhereverItComesFrom() throws Exception {
    var keeper = start(ENVIRONMENT);
    var before = versions();
    var text = Files.readString(ini);
    var notRefused = new ArrayList<String>();

    for (var wrong : values().toList()) {
      // By the interface, which names the key and what is allowed
      var byInterface =
          catchThrowableOfType(
              InvalidConfiguration.class,
              () ->
                  keeper.change(
                      new Edit(Map.of(wrong.key(), wrong.value()), List.of()), null, TESTER));
      if (byInterface == null || !says(byInterface, wrong, "")) {
        notRefused.add("interface: " + wrong + ": " + byInterface);
      }

      // From the environment
      var environment = new TreeMap<>(ENVIRONMENT);
      environment.put(wrong.key().toUpperCase(java.util.Locale.ROOT), wrong.value());
      var byEnvironment = start(environment);
      if (byEnvironment.problems().stream()
          .noneMatch(
              problem ->
                  wrong.key().equals(problem.key())
                      && problem.message().contains("environment variable")
                      && problem.message().contains(wrong.allowed()))) {
        notRefused.add("environment: " + wrong + ": " + byEnvironment.problems());
      }

      // And from the file, by its line; where the value ends the line, of what comes of it
      var inFile =
          catchThrowableOfType(
              InvalidConfiguration.class,
              () ->
                  keeper.validate(
                      ("[params]\n" + wrong.key() + " = " + wrong.value() + "\n")
                          .getBytes(StandardCharsets.UTF_8)));
      var asOne = wrong.value().strip().equals(wrong.value()) && !wrong.value().contains("\n");
      var changedByTheFile = !asOne || wrong.value().equals("\ud800");
      if (!changedByTheFile && (inFile == null || !says(inFile, wrong, " on line 2"))) {
        notRefused.add("file: " + wrong + ": " + inFile);
      }
    }

    assertThat(notRefused).isEmpty();
    assertThat(keeper.current().number()).isEqualTo(1);
    assertThat(versions()).isEqualTo(before);
    assertThat(ini).hasContent(text);
  }

  @Test
  void whatCannotBeSeenIsNoProblem() throws Exception {
    var keeper = start(ENVIRONMENT);

    // A byte order mark, CRLF, tabs and spaces round a value, and no line end at the end
    keeper.validate(
        "\uFEFF[params]\r\n\tmail_domain\t=\t _test.example \r\nmax_load_1m=7"
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anEmptyVariableIsNone() throws Exception {
    start(ENVIRONMENT);
    Files.writeString(ini, HEAD + "acme_email = me@a.example\n");

    var keeper =
        start(
            Map.of(
                "MAIL_DOMAIN",
                "_test.example",
                "ACME_EMAIL",
                "",
                "MAX_LOAD_1M",
                " ",
                "IROH_RELAY",
                ""));

    assertThat(keeper.problems()).isEmpty();
    assertThat(keeper.current().event().configuration())
        .containsEntry("acme_email", "me@a.example")
        .containsEntry("max_load_1m", "5")
        .containsEntry("iroh_relay", "unset");
  }

  private static boolean says(InvalidConfiguration refused, WrongValue wrong, String where) {
    return refused.problems().stream()
        .anyMatch(
            problem ->
                wrong.key().equals(problem.key())
                    && problem.message().startsWith(wrong.key() + where)
                    && problem.message().contains(wrong.allowed())
                    && problem.message().chars().noneMatch(Character::isISOControl));
  }

  private ConfigKeeper start(Map<String, String> environment) throws InvalidConfiguration {
    return ConfigKeeper.start(
        new IniSource(ini, false), new VersionFiles(folder.resolve("versions")), environment, bus);
  }

  /** The versions on disk by name, whole. */
  private Map<String, String> versions() throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.list(folder.resolve("versions"))) {
      for (var file : files.toList()) {
        found.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return found;
  }
}
