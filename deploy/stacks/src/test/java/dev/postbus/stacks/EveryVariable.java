package dev.postbus.stacks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every variable that the container images before this relay knew, and every key as a variable, at
 * once: with values that leave a relay usable, and are none of the defaults.
 */
final class EveryVariable {
  /** Keys with what their variables say, and what comes of it. */
  static final Map<String, String> KEYS = keys();

  private EveryVariable() {}

  private static Map<String, String> keys() {
    var keys = new LinkedHashMap<String, String>();
    keys.put("max_user_send_per_minute", "61");
    keys.put("max_user_send_burst_size", "11");
    keys.put("max_mailbox_size", "501M");
    keys.put("max_message_size", "20971520");
    keys.put("delete_mails_after", "21");
    keys.put("delete_large_after", "8");
    keys.put("delete_inactive_users_after", "91");
    keys.put("username_min_length", "8");
    keys.put("username_max_length", "12");
    keys.put("password_min_length", "8");
    keys.put("registration", "closed");
    keys.put("max_load_1m", "9999");
    keys.put("min_available_memory", "2M");
    keys.put("min_free_disk_space", "2M");
    keys.put("max_imap_connections", "500");
    keys.put("max_smtp_connections", "50");
    keys.put("www_folder", "disabled");
    keys.put("disable_ipv6", "true");
    keys.put("acme_email", "me@relay.example");
    keys.put("iroh_relay", "https://iroh.example");
    keys.put("mtail_address", "127.0.0.2");
    keys.put("imap_rawlog", "true");
    keys.put("imap_compress", "true");
    keys.put("privacy_postal", "Main Street 1");
    keys.put("privacy_mail", "privacy@relay.example");
    keys.put("privacy_pdo", "Anna");
    keys.put("privacy_supervisor", "The state");
    keys.put("filtermail_smtp_port", "10180");
    keys.put("filtermail_smtp_port_incoming", "10181");
    keys.put("postfix_reinject_port", "10125");
    keys.put("postfix_reinject_port_incoming", "10126");
    return keys;
  }

  /**
   * All of them, for a relay whose certificate somebody else keeps.
   *
   * @param ini file to be written anew
   * @param certificates folder with fullchain.pem and privkey.pem
   */
  static Map<String, String> of(String domain, Path ini, Path certificates) {
    var all = new LinkedHashMap<String, String>();
    KEYS.forEach((key, value) -> all.put(key.toUpperCase(java.util.Locale.ROOT), value));
    all.put("MAIL_DOMAIN", domain);
    all.put("INI_FILE", ini.toString());
    all.put("FORCE_REINIT_INI_FILE", "True");
    all.put("USE_FOREIGN_CERT_MANAGER", "True");
    all.put("PATH_TO_SSL", certificates.toString());
    all.put("ENABLE_CERTS_MONITORING", "false");
    all.put("CERTS_MONITORING_TIMEOUT", "10");
    all.put("DEBUG_COMMANDS_ENABLED", "true");
    all.put("CHANGE_KERNEL_SETTINGS", "True");
    all.put("RECREATE_VENV", "true");
    // Names the same, and counts more than the folder.
    all.put(
        "TLS_EXTERNAL_CERT_AND_KEY",
        certificates.resolve("fullchain.pem") + " " + certificates.resolve("privkey.pem"));
    return all;
  }
}
