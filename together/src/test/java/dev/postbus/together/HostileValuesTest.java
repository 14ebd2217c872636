package dev.postbus.together;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.config.Judged;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.mail.RenderedMail;
import dev.postbus.testing.MadeKey;
import dev.postbus.web.RenderedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * No value of any key adds a directive to a daemon's file, or changes another one than its own:
 * what config-service takes is rendered as it is for the daemons, and read back by their programs.
 */
class HostileValuesTest {
  private static final Map<String, String> HARMLESS =
      Map.ofEntries(
          Map.entry("max_mailbox_size", "321M"),
          Map.entry("www_folder", "/srv/pages"),
          Map.entry("tls_external_cert_and_key", "/c /k"),
          Map.entry("acme_email", "me@relay.example"),
          Map.entry("privacy_mail", "me@relay.example"),
          Map.entry("privacy_postal", "Main Street 1"),
          Map.entry("privacy_pdo", "Anna"),
          Map.entry("privacy_supervisor", "The state"),
          Map.entry("iroh_relay", "https://iroh.example"),
          Map.entry("mtail_address", "192.0.2.7"));

  /** What hostile values are made from: a right one of every kind, and edges of numbers. */
  private static final List<String> SEEDS =
      List.of(
          "",
          "1",
          "5",
          "64",
          "1024",
          "4096",
          "10080",
          "31457280",
          "2147483648",
          "10000",
          "500M",
          "1G",
          "true",
          "relay.example",
          "_relay.test",
          "192.0.2.1",
          "/c /k",
          "/srv/pages",
          "disabled",
          "invite",
          "me@relay.example",
          "https://iroh.example:8443/x",
          "2001:db8::1",
          "Main St.");

  private static final List<String> FRAGMENTS =
      List.of(
          "\n",
          "\r\n",
          "\r",
          "\0",
          "\t",
          "\u000b",
          "\u0085",
          "\u2028",
          " ",
          "\n ",
          "\\\n",
          ";",
          "; autoindex on;",
          "\nbiff = yes",
          "\nssl = no",
          "\n}\nservice x {\n",
          "\nUserID root",
          "\n25 inet n - n - - smtpd",
          " -o content_filter=x",
          "\n  -o content_filter=x",
          "}",
          "{",
          "{}",
          "$",
          "$mydomain",
          "${x}",
          "$(id)",
          "$host",
          "`id`",
          "\"",
          "\\\"",
          "'",
          "#",
          "//",
          "/*",
          "%",
          "%u",
          "%%",
          "<",
          "</title><script>",
          "<!--",
          "]]>",
          "&lt;",
          "&",
          "{qr}",
          "=",
          ",",
          "|",
          "\n!include /etc/passwd",
          "</etc/shadow",
          ":",
          "::",
          "@",
          "[",
          "]",
          "..",
          ".",
          "-",
          "_",
          "0",
          "00",
          "x",
          "xn--a",
          "B",
          "\u212a",
          "\ud800",
          "\ufeff",
          "ü",
          "\ud83d\ude00",
          "../../etc/passwd",
          "/",
          "?",
          "\u001b[2J",
          "\uff1b",
          "\u200b");

  private static Path folder;
  private static RenderedMail mail;
  private static RenderedWeb web;
  private static StoredCertificate certificate;
  private static final Map<Map<String, String>, ReadBack> HARMLESS_READ = new HashMap<>();

  @BeforeContainer
  static void prepare() throws Exception {
    folder = Files.createTempDirectory("hostile-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    mail = RenderedMail.in(folder.resolve("state"));
    web = RenderedWeb.in(folder.resolve("state"));
    var key = MadeKey.in(folder.resolve("key.p12"), "relay.example");
    var store = new CertificateStore(folder.resolve("certs"));
    store.prepare();
    certificate = store.write(List.of(key.certificate()), key.key());
  }

  @AfterContainer
  static void remove() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void noValueReachesBeyondItsOwnDirective(
      @ForAll("fragments") List<String> fragments, @ForAll Random random) throws IOException {
    var taken = taken(fragments);
    for (var round = 0; round < 3; round++) {
      var values = new LinkedHashMap<String, String>();
      taken.forEach((key, some) -> values.put(key, some.get(random.nextInt(some.size()))));
      var configuration = Judged.together(values);
      if (configuration.isEmpty()) {
        // Lengths or ports do not go together: without them.
        values.keySet().removeIf(key -> key.contains("length") || key.contains("port"));
        configuration = Judged.together(values);
      }

      var read = readBack(configuration.orElseThrow());

      assertThat(read.beyond(harmless(configuration.orElseThrow()))).as("%s", values).isEmpty();
    }
  }

  /** All values that are taken, of every key; the hostile strings are at all ends of right ones. */
  private static Map<String, List<String>> taken(List<String> fragments) {
    var taken = new LinkedHashMap<String, List<String>>();
    for (var key : Judged.keys()) {
      var some = new ArrayList<String>();
      for (var seed : SEEDS) {
        for (var fragment : fragments) {
          var half = seed.length() / 2;
          for (var value :
              List.of(
                  fragment + seed,
                  seed + fragment,
                  seed.substring(0, half) + fragment + seed.substring(half),
                  fragment)) {
            if (Judged.canonical(key, value).isPresent()) {
              some.add(value);
            }
          }
        }
        Judged.canonical(key, seed).ifPresent(some::add);
      }
      taken.put(key, some);
    }
    return taken;
  }

  @Provide
  Arbitrary<List<String>> fragments() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.of(FRAGMENTS)),
            Tuple.of(1, Arbitraries.strings().ofMinLength(1).ofMaxLength(4)))
        .list()
        .ofSize(40);
  }

  @Example
  void whatSlippedInWouldBeSeen() throws IOException {
    for (var slip :
        List.of(
            new Slip("mail_domain", "relay.example\nbiff = yes", "postfix main.cf biff"),
            new Slip("mail_domain", "relay.example\nmynetworks = 0.0.0.0/0", "mynetworks"),
            new Slip("mail_domain", "relay.example; autoindex on", "nginx "),
            new Slip("mail_domain", "relay.example\nUserID root", "opendkim UserID"),
            new Slip("mail_domain", "$mydomain", "virtual_mailbox_domains"),
            new Slip("privacy_mail", "me@relay.example\nssl = no", "dovecot ssl"),
            new Slip("privacy_mail", "</etc/hostname", "dovecot mail_server_admin"))) {
      var configuration = Judged.together(harmlessValues()).orElseThrow();
      var values = new HashMap<>(configuration.values());
      values.put(slip.key(), slip.value());

      var read = readBack(new RelayConfiguration(values));

      assertThat(read.beyond(harmless(configuration)))
          .as("%s", slip)
          .anyMatch(line -> line.contains(slip.seen()));
    }
  }

  private record Slip(String key, String value, String seen) {}

  private static Map<String, String> harmlessValues() {
    var values = new HashMap<>(HARMLESS);
    values.put("mail_domain", "relay.example");
    return values;
  }

  /** The same in form, without anything hostile; what is empty or a switch stays as it is. */
  private static ReadBack harmless(RelayConfiguration configuration) throws IOException {
    var values = new HashMap<String, String>();
    configuration
        .values()
        .forEach(
            (key, value) ->
                values.put(
                    key,
                    value.isEmpty() || value.matches("true|false|disabled|unset|open|invite|closed")
                        ? value
                        : HARMLESS.getOrDefault(key, Judged.standard(key))));
    values.put("mail_domain", configuration.ipOnly() ? "192.0.2.1" : "relay.example");
    var read = HARMLESS_READ.get(values);
    if (read == null) {
      read = readBack(new RelayConfiguration(values));
      HARMLESS_READ.put(values, read);
    }
    return read;
  }

  private static ReadBack readBack(RelayConfiguration configuration) throws IOException {
    // One folder for all, as its name is in the files.
    var into = Files.createDirectory(folder.resolve("rendered"));
    try {
      mail.render(configuration, certificate, into);
      web.render(configuration, certificate, into);
      return ReadBack.of(into);
    } finally {
      try (var files = Files.walk(into)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
