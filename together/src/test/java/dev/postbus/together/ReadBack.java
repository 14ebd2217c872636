package dev.postbus.together;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postbus.supervision.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Everything that daemons find in a folder of rendered files, as their own programs read it: a map
 * of places to what stands there.
 */
record ReadBack(Map<String, String> directives) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  // Of the files themselves, which is another one for other values.
  private static final Pattern VERSION = Pattern.compile("\\b[0-9a-f]{32}\\b");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");
  private static final Pattern COMMENT = Pattern.compile("(?m)#.*$");
  private static final Pattern TAG = Pattern.compile("<(/?[A-Za-z!?][A-Za-z0-9:-]*)");

  private static final String HOST = "[a-z0-9_]([a-z0-9.-]*[a-z0-9])?";

  /** The only directives whose values depend on free values of the configuration. */
  private static final Map<String, Pattern> DEPENDENT =
      Map.ofEntries(
          form("postfix main.cf myhostname", HOST),
          form("postfix main.cf virtual_mailbox_domains", HOST + "|\\[[0-9.]+]"),
          form("postfix main.cf message_size_limit", "\\d+"),
          form("postfix main.cf smtpd_client_connection_count_limit", "\\d+"),
          form("dovecot mail_server_admin", "mailto:[A-Za-z0-9._+@-]+"),
          form("dovecot plugin/quota_rule", "\\*:storage=\\d+[MG]"),
          form("dovecot plugin/quota_max_mail_size", "\\d+"),
          form("dovecot default_client_limit", "\\d+"),
          form("dovecot service imap-login/client_limit", "\\d+"),
          form("dovecot service imap/process_limit", "\\d+"),
          form("opendkim Domain", HOST));

  private static Map.Entry<String, Pattern> form(String place, String form) {
    return Map.entry(place, Pattern.compile(form));
  }

  /** Reads; what a daemon's program complains about is there too. */
  static ReadBack of(Path rendered) throws IOException {
    var found = new TreeMap<String, String>();
    postfix(rendered.resolve("postfix").toString(), found);
    dovecot(rendered.resolve("dovecot/dovecot.conf").toString(), found);
    nginx(rendered.resolve("nginx").toString(), found);
    opendkim(rendered.resolve("opendkim/opendkim.conf"), found);
    unbound(rendered.resolve("unbound/unbound.conf"), found);
    json("policy", new ObjectMapper().readTree(policy(rendered).toFile()), found);
    pages(rendered.resolve("nginx/pages"), found);
    return new ReadBack(found);
  }

  private static Path policy(Path rendered) {
    return rendered.resolve("mail-policy/policy.json");
  }

  /** What is here and was not with harmless values, or is another than it may be. */
  List<String> beyond(ReadBack harmless) {
    var places = new TreeSet<>(directives.keySet());
    places.addAll(harmless.directives.keySet());
    var beyond = new ArrayList<String>();
    for (var place : places) {
      var is = directives.get(place);
      var was = harmless.directives.get(place);
      if (!Objects.equals(is, was) && !mayBe(place, is)) {
        beyond.add(place + ": " + is + ", not " + was);
      }
    }
    return beyond;
  }

  private static boolean mayBe(String place, String value) {
    var form = DEPENDENT.get(place);
    // doveconf leaves out what happens to be its default.
    return form != null && (value == null || form.matcher(value).matches());
  }

  private static void postfix(String folder, Map<String, String> found) {
    for (var line : run("/usr/sbin/postconf", "-c", folder, "-n")) {
      var parts = line.split(" =", 2);
      put(found, "postfix main.cf " + parts[0], parts.length < 2 ? "?" : parts[1].strip());
    }
    for (var list : List.of("-M", "-P")) {
      var entries = run("/usr/sbin/postconf", "-c", folder, list);
      for (var i = 0; i < entries.size(); i++) {
        // Ports and numbers of processes are what a configuration may decide on.
        var entry =
            VERSION
                .matcher(entries.get(i))
                .replaceAll("VERSION")
                .replaceAll("\\d+", "N")
                .replaceAll("\\s+", " ");
        put(found, "postfix master.cf " + list + i, entry);
      }
    }
  }

  private static void dovecot(String file, Map<String, String> found) {
    var sections = new ArrayDeque<String>();
    for (var raw : run("/usr/bin/doveconf", "-n", "-c", file)) {
      var line = raw.strip();
      if (line.startsWith("# ")) {
        continue;
      }
      if (line.endsWith(" {")) {
        sections.addLast(line.substring(0, line.length() - 2) + "/");
      } else if (line.equals("}")) {
        sections.pollLast();
      } else {
        var parts = line.split(" =", 2);
        put(
            found,
            "dovecot " + String.join("", sections) + parts[0],
            parts.length < 2 ? "?" : parts[1].strip());
      }
    }
  }

  private static void nginx(String folder, Map<String, String> found) {
    var said = run("/usr/sbin/nginx", "-T", "-q", "-e", "stderr", "-p", folder, "-c", "nginx.conf");
    var text = String.join("\n", said);
    text = COMMENT.matcher(QUOTED.matcher(text).replaceAll("QUOTED")).replaceAll("");
    var statements = text.split("[;{}]", -1);
    for (var i = 0; i < statements.length; i++) {
      var words = statements[i].strip().split("\\s+");
      put(found, "nginx " + i, words[0] + " with " + (words.length - 1) + " words");
    }
  }

  private static void opendkim(Path file, Map<String, String> found) throws IOException {
    checked(found, "/usr/sbin/opendkim", "-n", "-x", file.toString());
    for (var line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        var parts = line.split("\\s+", 2);
        put(found, "opendkim " + parts[0], parts.length < 2 ? "" : parts[1]);
      }
    }
  }

  private static void unbound(Path file, Map<String, String> found) throws IOException {
    checked(found, "/usr/sbin/unbound-checkconf", file.toString());
    var lines = Files.readAllLines(file);
    for (var i = 0; i < lines.size(); i++) {
      put(found, "unbound " + i, lines.get(i));
    }
  }

  private static void json(String place, JsonNode node, Map<String, String> found) {
    if (node.isValueNode()) {
      put(found, place, node.getNodeType().toString());
    }
    for (var field : node.properties()) {
      json(place + "/" + field.getKey(), field.getValue(), found);
    }
  }

  private static void pages(Path folder, Map<String, String> found) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(f -> f.toString().matches(".*\\.(html|xml|txt)")).toList()) {
        var text = Files.readString(file);
        var tags = TAG.matcher(text).results().map(tag -> tag.group(1)).toList();
        var name = "page " + folder.relativize(file);
        put(found, name + " tags", String.join(" ", tags));
        if (name.endsWith(".txt")) {
          put(found, name + " lines", "" + text.lines().count());
        }
      }
    }
  }

  private static void checked(Map<String, String> found, String... command) {
    var result = Commands.run(List.of(command), PATIENCE);
    put(found, command[0], result.exitCode() + (result.succeeded() ? "" : " " + result.output()));
  }

  private static List<String> run(String... command) {
    var result = Commands.run(List.of(command), PATIENCE);
    return result.succeeded()
        ? result.output().lines().toList()
        : List.of(command[0] + " refuses it: " + result.output());
  }

  /** What stands somewhere twice stands at two places. */
  private static void put(Map<String, String> found, String place, String value) {
    var free = place;
    for (var i = 2; found.containsKey(free); i++) {
      free = place + " (" + i + ")";
    }
    found.put(free, value);
  }
}
