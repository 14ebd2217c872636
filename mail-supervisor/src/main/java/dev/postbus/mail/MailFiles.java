package dev.postbus.mail;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import io.quarkus.qute.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Renders everything that the daemons read, each daemon's files into a folder of its name. */
final class MailFiles {
  private static final List<String> PLAIN =
      List.of("outgoing_headers", "delivery_headers", "sender_login", "tls_policy");
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final String PUSH = "push_notification.lua";
  private static final Path DEBIAN_POSTFIX = Path.of("/etc/postfix");

  private final MailSettings settings;
  private final Engine qute = Engine.builder().addDefaults().build();

  MailFiles(MailSettings settings) {
    this.settings = settings;
  }

  void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    postfix(configuration, certificate, Files.createDirectory(into.resolve("postfix")));
    dovecot(configuration, certificate, Files.createDirectory(into.resolve("dovecot")));
    opendkim(configuration, Files.createDirectory(into.resolve("opendkim")));
    unbound(configuration, Files.createDirectory(into.resolve("unbound")));
    policy(configuration, Files.createDirectory(into.resolve("mail-policy")));
  }

  private void postfix(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    var ports = settings.ports();
    var values = new HashMap<String, Object>();
    values.put("config", into);
    values.put("current", settings.rendered().resolve("current").resolve("postfix"));
    values.put("renewal", settings.renewalTable().map());
    values.put("queue", settings.queue());
    values.put("data", settings.postfixData());
    values.put("hostname", hostname(configuration));
    values.put("addressDomain", configuration.addressDomain());
    values.put("interfaces", settings.bind().equals("*") ? "all" : settings.bind());
    values.put("protocols", ipv4Only(configuration) ? "ipv4" : "all");
    values.put("lmtp", ports.lmtp());
    values.put("sasl", settings.dovecotRun().resolve("postfix-auth"));
    // An address literal is no domain whose key anybody could look up.
    values.put("sign", !configuration.ipOnly());
    values.put("opendkim", settings.opendkimSocket());
    values.put("maxMessageSize", configuration.number("max_message_size"));
    values.put("maxSmtp", configuration.number("max_smtp_connections"));
    values.put("processes", Math.min(100, 25 * PROCESSORS));
    values.put("perClient", Math.max(1, configuration.number("max_smtp_connections") / 5));
    values.put("chainAndKey", certificate.chainAndKey());
    values.put("smtp", ports.smtp());
    values.put("submissions", ports.submissions());
    values.put("submission", ports.submission());
    values.put("outgoingFilter", ports.inner(configuration, "filtermail_smtp_port"));
    values.put("incomingFilter", ports.inner(configuration, "filtermail_smtp_port_incoming"));
    values.put("outgoingReinject", ports.inner(configuration, "postfix_reinject_port"));
    values.put("incomingReinject", ports.inner(configuration, "postfix_reinject_port_incoming"));
    for (var name : PLAIN) {
      Files.writeString(into.resolve(name), resource(name));
    }
    var main = rendered("main.cf", values);
    Files.writeString(into.resolve("main.cf"), main);
    var unnamed =
        main.replace(into.toString(), "").replace(certificate.chainAndKey().toString(), "");
    values.put("version", "");
    var version = PostfixVersion.of(unnamed, rendered("master.cf", values));
    version.write(into);
    values.put("version", version.digest());
    template("master.cf", values, into);
    // Debian's own lists of Postfix's files and of the libraries of its lookup tables.
    for (var name : List.of("postfix-files", "dynamicmaps.cf")) {
      Files.copy(DEBIAN_POSTFIX.resolve(name), into.resolve(name));
    }
    for (var name : List.of("postfix-files.d", "dynamicmaps.cf.d")) {
      copyFolder(DEBIAN_POSTFIX.resolve(name), into.resolve(name));
    }
    makeOld(into);
  }

  /**
   * Dates the files back. Postfix waits with a file that is younger than two seconds, as somebody
   * may be writing it still (dict_load_file in its sources); these are not touched any more.
   */
  private static void makeOld(Path folder) throws IOException {
    var aMinuteAgo = FileTime.from(Instant.now().minus(Duration.ofMinutes(1)));
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.setLastModifiedTime(file, aMinuteAgo);
      }
    }
  }

  private void dovecot(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    var compress = configuration.flag("imap_compress");
    var maxImap = configuration.number("max_imap_connections");
    var privacyMail = configuration.text("privacy_mail");
    var values = new HashMap<String, Object>();
    // By the link: after a reload, an auth process from before it works only with the same paths.
    values.put("config", settings.rendered().resolve("current").resolve("dovecot"));
    values.put("base", settings.dovecotRun());
    values.put("stateDir", settings.dovecotState());
    values.put("mailboxes", settings.mailboxes());
    values.put("listen", listen(configuration));
    values.put("fullChain", certificate.fullChain());
    values.put("privateKey", certificate.privateKey());
    values.put("admin", privacyMail.isEmpty() ? "" : "mailto:" + privacyMail);
    values.put("quota", configuration.text("max_mailbox_size"));
    values.put("maxMessageSize", configuration.number("max_message_size"));
    values.put("doveauth", settings.policy().resolve("doveauth"));
    values.put("lastLogin", settings.policy().resolve("lastlogin"));
    values.put("quotaWarning", settings.policy().resolve("quota-warning"));
    values.put("metadata", settings.policy().resolve("metadata"));
    values.put("compress", compress ? " imap_zlib" : "");
    // A hibernated client's compression state could not be kept.
    values.put("hibernate", compress ? "0" : "30s");
    values.put("rawlog", configuration.flag("imap_rawlog"));
    values.put("clientLimit", maxImap + 1000);
    values.put("loginProcesses", Math.min(4, PROCESSORS));
    values.put("maxImap", maxImap);
    values.put("preload", settings.idleNotify().environment());
    values.put("metrics", settings.ports().dovecotMetrics());
    values.put("lmtp", settings.ports().lmtp());
    values.put("imap", settings.ports().imap());
    values.put("imaps", settings.ports().imaps());
    template("dovecot.conf", values, into);
    template("auth-dict.conf", values, into);
    Files.writeString(into.resolve(PUSH), resource(PUSH));
  }

  private void opendkim(RelayConfiguration configuration, Path into) throws IOException {
    var values = new HashMap<String, Object>();
    values.put("domain", hostname(configuration));
    values.put("selector", DkimKey.SELECTOR);
    values.put("key", settings.dkimKey());
    values.put("socket", settings.opendkimSocket());
    template("opendkim.conf", values, into);
  }

  private void unbound(RelayConfiguration configuration, Path into) throws IOException {
    var values = new HashMap<String, Object>();
    values.put("port", settings.ports().resolver());
    values.put("ipv6", configuration.flag("disable_ipv6") ? "no" : "yes");
    values.put("folder", settings.unbound());
    values.put("local", settings.unboundLocal());
    template("unbound.conf", values, into);
  }

  private void policy(RelayConfiguration configuration, Path into) throws IOException {
    var ports = settings.ports();
    var policy = new LinkedHashMap<String, Object>();
    policy.put("mailDomain", configuration.addressDomain());
    policy.put("mailboxes", settings.mailboxes().toString());
    policy.put("blockCreation", settings.blockCreation().toString());
    policy.put("uid", settings.vmailUid());
    policy.put("gid", settings.vmailGid());
    policy.put(
        "accounts",
        Map.of(
            "usernameMinLength", configuration.number("username_min_length"),
            "usernameMaxLength", configuration.number("username_max_length"),
            "passwordMinLength", configuration.number("password_min_length"),
            "maxLoad1m", configuration.number("max_load_1m"),
            "minAvailableMemory", configuration.bytes("min_available_memory"),
            "minFreeDiskSpace", configuration.bytes("min_free_disk_space"),
            "registration", configuration.registration(),
            "invites", settings.policy().resolve("invites").toString()));
    policy.put(
        "limits",
        Map.of(
            "sendPerMinute", configuration.number("max_user_send_per_minute"),
            "sendBurst", configuration.number("max_user_send_burst_size"),
            "maxMessageSize", configuration.number("max_message_size")));
    policy.put(
        "sockets",
        Map.of(
            "doveauth", settings.policy().resolve("doveauth").toString(),
            "lastlogin", settings.policy().resolve("lastlogin").toString(),
            "quotaWarning", settings.policy().resolve("quota-warning").toString()));
    policy.put("metadata", metadata(configuration));
    policy.put(
        "notifications",
        Map.of(
            "queue", settings.policy().resolve("notifications").toString(),
            "url", settings.notifications().url().toString(),
            "trust", settings.notifications().trust().map(Path::toString).orElse("")));
    policy.put(
        "outgoing",
        Map.of(
            "listen", ports.inner(configuration, "filtermail_smtp_port"),
            "reinject", ports.inner(configuration, "postfix_reinject_port")));
    policy.put(
        "incoming",
        Map.of(
            "listen", ports.inner(configuration, "filtermail_smtp_port_incoming"),
            "reinject", ports.inner(configuration, "postfix_reinject_port_incoming")));
    policy.put(
        "expiry",
        Map.of(
            "deleteMailsAfter", configuration.number("delete_mails_after"),
            "deleteLargeAfter", configuration.number("delete_large_after"),
            "deleteInactiveUsersAfter", configuration.number("delete_inactive_users_after"),
            "maxMailboxSize", configuration.bytes("max_mailbox_size"),
            "schedule", settings.policy().resolve("expiry-due").toString()));
    policy.put(
        "dkim",
        Map.of("required", !configuration.ipOnly(), "resolverPort", settings.ports().resolver()));
    policy.put(
        "metrics",
        Map.of(
            "address", configuration.text("mtail_address"),
            "dovecotPort", ports.dovecotMetrics(),
            "supervisorPort", settings.httpPort()));
    policy.put("controlPort", ports.policyControl());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(into.resolve("policy.json").toFile(), sorted(policy));
  }

  private Map<String, Object> metadata(RelayConfiguration configuration) {
    return Map.of(
        "socket", settings.policy().resolve("metadata").toString(),
        "irohRelay", irohRelay(configuration),
        "turnHost", configuration.mailDomain(),
        "turnSecret", settings.turnSecret().toString(),
        "appVersions", settings.state().resolve("appversions.json").toString());
  }

  /**
   * Of the relay's own, clients are told where there is one: it has the address of the web side.
   */
  private String irohRelay(RelayConfiguration configuration) {
    var named = configuration.text("iroh_relay");
    if (!named.equals("unset")) {
      return named;
    }
    return settings.irohRelay()
        ? "https://" + configuration.mailDomain() + settings.ports().httpsSuffix()
        : "";
  }

  /** The same configuration is written as the same bytes, whatever order a map has. */
  private static Map<String, Object> sorted(Map<String, Object> values) {
    var sorted = new LinkedHashMap<String, Object>();
    values.forEach(
        (key, value) ->
            sorted.put(key, value instanceof Map<?, ?> map ? new java.util.TreeMap<>(map) : value));
    return sorted;
  }

  private static String hostname(RelayConfiguration configuration) {
    // Postfix takes no bare address for a name, and nobody can look one up anyway.
    return configuration.ipOnly()
        ? "relay-" + configuration.mailDomain().replace('.', '-') + ".invalid"
        : configuration.mailDomain();
  }

  private boolean ipv4Only(RelayConfiguration configuration) {
    return configuration.flag("disable_ipv6") || settings.bind().matches("[\\d.]+");
  }

  private String listen(RelayConfiguration configuration) {
    if (!settings.bind().equals("*")) {
      return settings.bind();
    }
    return configuration.flag("disable_ipv6") ? "*" : "*, ::";
  }

  private void template(String name, Map<String, Object> values, Path into) throws IOException {
    Files.writeString(into.resolve(name), rendered(name, values));
  }

  private String rendered(String name, Map<String, Object> values) throws IOException {
    return qute.parse(resource(name)).data(values).render();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(MailFiles.class.getResourceAsStream("/mail/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
