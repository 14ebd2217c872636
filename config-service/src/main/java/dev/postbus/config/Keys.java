package dev.postbus.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All keys, in the order in which they are written. */
final class Keys {
  private static final long MANY = 1_000_000_000L;
  // Comparing takes time for each letter, and nothing near a key is much longer than one.
  private static final int LONGEST_COMPARED = 100;
  private static final Map<String, Key> ALL = all();

  private Keys() {}

  static List<Key> list() {
    return new ArrayList<>(ALL.values());
  }

  static Set<String> names() {
    return ALL.keySet();
  }

  static Optional<Key> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** The known key that is nearest to what was written, if any is near. */
  static Optional<String> nearest(String written) {
    if (written.length() > LONGEST_COMPARED) {
      return Optional.empty();
    }
    String best = null;
    var least = Math.max(2, written.length() / 3) + 1;
    for (var name : ALL.keySet()) {
      var distance = EditDistance.between(written.toLowerCase(java.util.Locale.ROOT), name);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  private static Map<String, Key> all() {
    // mail-policy, who listens at two of them, is not root; a local stack adds up to 22000 to each.
    var port = new Kind.Count(1024, 43_535);
    var days = new Kind.Count(1, 36500);
    var keys =
        List.of(
            new Key("mail_domain", new Kind.Domain(), null, "The relay's domain"),
            new Key(
                "max_user_send_per_minute",
                new Kind.Count(1, MANY),
                "60",
                "Messages that one sender may send a minute"),
            new Key(
                "max_user_send_burst_size",
                new Kind.Count(1, MANY),
                "10",
                "Messages that one sender may send at once"),
            new Key("max_mailbox_size", new Kind.Size(), "500M", "Quota of a mailbox"),
            new Key(
                "max_message_size",
                new Kind.Bytes(1024, 1L << 31),
                "31457280",
                "Largest message, in bytes"),
            new Key("delete_mails_after", days, "20", "Days until any mail is deleted"),
            new Key(
                "delete_large_after", days, "7", "Days until mail over 200 000 bytes is deleted"),
            new Key(
                "delete_inactive_users_after",
                days,
                "90",
                "Days without a login until an account is deleted"),
            new Key(
                "username_min_length",
                new Kind.Count(1, 64),
                "9",
                "Least length of a new address's local part"),
            new Key(
                "username_max_length",
                new Kind.Count(1, 64),
                "9",
                "Most length of a new address's local part"),
            new Key(
                "password_min_length",
                new Kind.Count(1, 128),
                "9",
                "Least length of a new account's password"),
            new Key(
                "registration",
                new Kind.Choice(List.of("open", "invite", "closed")),
                "open",
                "Who may have a new account: open, everybody; invite, who is invited; closed, nobody"),
            new Key(
                "max_load_1m",
                new Kind.Count(1, 10_000),
                "5",
                "Load average above which no account is created"),
            new Key(
                "min_available_memory",
                new Kind.Size(),
                "200M",
                "Available memory below which no account is created"),
            new Key(
                "min_free_disk_space",
                new Kind.Size(),
                "1G",
                "Free disk space below which no account is created"),
            new Key(
                "max_imap_connections",
                new Kind.Count(10, 1_000_000),
                "10000",
                "IMAP connections at once"),
            new Key(
                "max_smtp_connections",
                new Kind.Count(5, 100_000),
                "1000",
                "Connections at once to each submission port"),
            new Key(
                "tls_external_cert_and_key",
                new Kind.Paths(2),
                "",
                "Certificate and key that somebody else keeps: CERT_PATH KEY_PATH"),
            new Key(
                "www_folder", new Kind.WwwFolder(), "", "Folder of own pages; disabled: no pages"),
            new Key("disable_ipv6", new Kind.Flag(), "false", "Listen on IPv4 only"),
            new Key("acme_email", new Kind.Email(), "", "Told to the certification authority"),
            new Key(
                "iroh_relay",
                new Kind.Url(),
                "unset",
                "Address of an iroh relay; unset: this relay's own; empty: the client's default"),
            new Key("mtail_address", new Kind.Address(), "", "Address of the metrics listener"),
            new Key("imap_rawlog", new Kind.Flag(), "false", "Write IMAP traffic to files"),
            new Key(
                "imap_compress",
                new Kind.Flag(),
                "false",
                "Offer IMAP COMPRESS; switches hibernation off"),
            new Key("privacy_postal", new Kind.Text(), "", "Privacy page: postal address"),
            new Key("privacy_mail", new Kind.Email(), "", "Privacy page: mail address"),
            new Key("privacy_pdo", new Kind.Text(), "", "Privacy page: data protection officer"),
            new Key(
                "privacy_supervisor", new Kind.Text(), "", "Privacy page: supervisory authority"),
            new Key("filtermail_smtp_port", port, "10080", "Inner port: filter of outgoing mail"),
            new Key(
                "filtermail_smtp_port_incoming",
                port,
                "10081",
                "Inner port: filter of incoming mail"),
            new Key("postfix_reinject_port", port, "10025", "Inner port: outgoing mail again"),
            new Key(
                "postfix_reinject_port_incoming",
                port,
                "10026",
                "Inner port: incoming mail again"));
    var byName = new LinkedHashMap<String, Key>();
    keys.forEach(key -> byName.put(key.name(), key));
    return Collections.unmodifiableMap(byName);
  }
}
