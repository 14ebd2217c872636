package dev.postbus.cli.doctor;

import dev.postbus.doctor.Check;
import dev.postbus.doctor.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Debian packages with the daemons, by a file that each brings.
 *
 * @param root of the file system
 */
record PackagesCheck(Path root) implements Check {
  private static final Map<String, String> FILES = files();

  private static Map<String, String> files() {
    var files = new LinkedHashMap<String, String>();
    files.put("postfix", "usr/lib/postfix/sbin/master");
    files.put("postfix-pcre", "usr/lib/postfix/postfix-pcre.so");
    files.put("dovecot-core", "usr/sbin/dovecot");
    files.put("dovecot-imapd", "usr/lib/dovecot/imap");
    files.put("dovecot-lmtpd", "usr/lib/dovecot/lmtp");
    files.put("nginx", "usr/sbin/nginx");
    files.put("libnginx-mod-stream", "usr/lib/nginx/modules/ngx_stream_module.so");
    files.put("opendkim", "usr/sbin/opendkim");
    files.put("unbound", "usr/sbin/unbound");
    files.put("dns-root-data", "usr/share/dns/root.key");
    files.put("procps", "bin/kill");
    return files;
  }

  @Override
  public String name() {
    return "packages";
  }

  @Override
  public List<Finding> look() {
    var missing =
        FILES.entrySet().stream()
            .filter(file -> !Files.exists(root.resolve(file.getValue())))
            .map(Map.Entry::getKey)
            .toList();
    if (missing.isEmpty()) {
      return List.of(ok("all " + FILES.size() + " Debian packages are there"));
    }
    var names = String.join(" ", missing);
    return List.of(
        Files.exists(root.resolve("usr/bin/apt-get"))
            ? warning(
                "missing: " + names,
                "./postbus up installs them, without starting anything; or by hand:"
                    + " apt-get install --no-install-recommends --no-remove "
                    + names)
            : problem(
                "missing, and this machine has no apt-get: " + names,
                "run Postbus on Debian, or in containers"));
  }
}
