package dev.postbus.web;

import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders the public pages. Markdown becomes HTML first, and values are put in afterwards, escaped:
 * no value of the configuration can bring markup with it.
 */
final class PageFiles {
  private static final Pattern PLACE = Pattern.compile("\\{([a-z0-9_]+)}");
  private static final Map<String, String> TITLES =
      Map.of("index", "%s: a chatmail relay", "info", "How %s works", "privacy", "Privacy at %s");
  private static final int PNG_SCALE = 8;

  private final WebPorts ports;
  private final Parser parser;
  private final HtmlRenderer renderer;

  PageFiles(WebPorts ports) {
    this.ports = ports;
    var extensions = List.of(TablesExtension.create());
    this.parser = Parser.builder().extensions(extensions).build();
    this.renderer = HtmlRenderer.builder().extensions(extensions).build();
  }

  void render(RelayConfiguration configuration, Path into) throws IOException {
    wellKnown(configuration, into);
    if (configuration.text("www_folder").equals("disabled")) {
      return;
    }
    var qr = new QrCode(accountLink(configuration, "DCACCOUNT"));
    Files.write(into.resolve("qr.png"), qr.png(PNG_SCALE));
    Files.writeString(into.resolve("style.css"), resource("style.css"));
    var values = values(configuration, qr);
    for (var title : TITLES.entrySet()) {
      var markdown = resource("pages/" + title.getKey() + ".md");
      page(
          into.resolve(title.getKey() + ".html"),
          title.getValue().formatted(configuration.mailDomain()),
          renderer.render(parser.parse(markdown)),
          values);
    }
    page(
        into.resolve("404.html"),
        "Not found",
        "<h1>There is no such page</h1><p><a href=\"/\">To the start</a></p>",
        values);
  }

  /** What an app is to open or scan; the test of a port is not part of it. */
  static String accountLink(RelayConfiguration configuration, String scheme) {
    return scheme + ":https://" + configuration.mailDomain() + "/new";
  }

  private static void page(Path file, String title, String content, Map<String, String> values)
      throws IOException {
    var all = new HashMap<>(values);
    all.put("title", Html.escape(title));
    all.put("content", fill(content, values));
    Files.writeString(file, fill(resource("layout.html"), all));
  }

  private Map<String, String> values(RelayConfiguration configuration, QrCode qr) {
    var values = new HashMap<String, String>();
    configuration.values().forEach((key, value) -> values.put(key, Html.escape(value)));
    values.put("domain", Html.escape(configuration.mailDomain()));
    values.put("dcaccount", Html.escape(accountLink(configuration, "dcaccount")));
    values.put("qr", "<span class=\"qr\">" + qr.svg("QR code that creates an account") + "</span>");
    values.put("operator", operator(configuration));
    return values;
  }

  private static String operator(RelayConfiguration configuration) {
    var lines = new StringBuilder();
    line(lines, "", configuration.text("privacy_postal"));
    line(lines, "E-mail: ", configuration.text("privacy_mail"));
    line(lines, "Data protection officer: ", configuration.text("privacy_pdo"));
    line(lines, "Supervisory authority: ", configuration.text("privacy_supervisor"));
    return lines.isEmpty() ? "The operator has not said so here." : lines.toString();
  }

  private static void line(StringBuilder lines, String label, String value) {
    if (!value.isEmpty()) {
      lines.append(lines.isEmpty() ? "" : "<br>").append(label).append(Html.escape(value));
    }
  }

  private void wellKnown(RelayConfiguration configuration, Path into) throws IOException {
    var domain = configuration.mailDomain();
    var values =
        Map.of(
            "domain", Html.escape(domain),
            "imaps", "" + ports.imaps(),
            "imap", "" + ports.imap(),
            "https", "" + ports.https(),
            "submissions", "" + ports.submissions(),
            "submission", "" + ports.submission());
    var folder = Files.createDirectories(into.resolve(".well-known/autoconfig/mail"));
    Files.writeString(folder.resolve("config-v1.1.xml"), fill(resource("autoconfig.xml"), values));
    // RFC 8461, section 3.2. Another text needs another id in DNS: see WantedRecords of libs/dns.
    Files.writeString(
        into.resolve(".well-known/mta-sts.txt"),
        "version: STSv1\r\nmode: enforce\r\nmx: " + domain + "\r\nmax_age: 2419200\r\n");
  }

  private static String fill(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Objects.requireNonNullElse(values.get(place.group(1)), place.group())));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(PageFiles.class.getResourceAsStream("/web/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
