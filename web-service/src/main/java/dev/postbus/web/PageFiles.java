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
import java.util.TreeSet;
import java.util.regex.Matcher;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders the public pages. Markdown becomes HTML first, and values are put in afterwards, escaped:
 * no value of the configuration can bring markup with it.
 */
final class PageFiles {
  private static final String MARKDOWN = ".md";
  private static final Map<String, String> TITLES =
      Map.of("index", "%s: a chatmail relay", "info", "How %s works", "privacy", "Privacy at %s");
  private static final int PNG_SCALE = 8;

  private final WebPorts ports;
  private final PageSources sources;
  private final Parser parser;
  private final HtmlRenderer renderer;

  PageFiles(WebPorts ports, PageSources sources) {
    this.ports = ports;
    this.sources = sources;
    var extensions = List.of(TablesExtension.create());
    this.parser = Parser.builder().extensions(extensions).build();
    this.renderer = HtmlRenderer.builder().extensions(extensions).build();
  }

  /**
   * Renders the pages with an operator's own files.
   *
   * @throws PageProblem if one of these cannot be used; what is in the folder then is not whole
   */
  void render(RelayConfiguration configuration, Path into) throws IOException, PageProblem {
    if (!configuration.text("www_folder").equals("disabled")) {
      var own = sources.files(configuration);
      if (PageSources.asItIs(configuration)) {
        copy(own, into);
      } else {
        pages(configuration, own, into);
      }
    }
    wellKnown(configuration, into);
  }

  /** Renders the pages as they are shipped. */
  void renderShipped(RelayConfiguration configuration, Path into) throws IOException {
    try {
      pages(configuration, OwnFiles.none(), into);
    } catch (PageProblem e) {
      throw new IllegalStateException("shipped pages are without a problem", e);
    }
    wellKnown(configuration, into);
  }

  private void pages(RelayConfiguration configuration, OwnFiles own, Path into)
      throws IOException, PageProblem {
    var qr = new QrCode(accountLink(configuration, "DCACCOUNT"));
    Files.write(into.resolve("qr.png"), qr.png(PNG_SCALE));
    Files.writeString(into.resolve("style.css"), resource("style.css"));
    copy(own, into);
    var layout = new Template(own, "layout.html", resource("layout.html"));
    layout.mustHave("content");
    var values = values(configuration, qr);
    var names = new TreeSet<>(own.files().keySet());
    TITLES.keySet().forEach(name -> names.add(name + MARKDOWN));
    for (var file : names) {
      if (file.endsWith(MARKDOWN)) {
        var name = file.substring(0, file.length() - MARKDOWN.length());
        var shipped = TITLES.get(name);
        var markdown =
            new Template(own, file, shipped == null ? "" : resource("pages/" + name + MARKDOWN));
        page(into, name, title(name, markdown, configuration), markdown, layout, values);
      }
    }
    var lost =
        new Template(OwnFiles.none(), "404.md", "# There is no such page\n\n[To the start](/)\n");
    if (!own.files().containsKey("404.md")) {
      page(into, "404", "Not found", lost, layout, values);
    }
  }

  private static String title(String name, Template markdown, RelayConfiguration configuration) {
    var shipped = TITLES.get(name);
    if (shipped != null) {
      return shipped.formatted(configuration.mailDomain());
    }
    return markdown
        .text()
        .lines()
        .filter(line -> line.startsWith("# "))
        .findFirst()
        .map(line -> line.substring(2).strip())
        .orElse(name);
  }

  private static void copy(OwnFiles own, Path into) throws IOException, PageProblem {
    for (var file : own.files().entrySet()) {
      var name = file.getKey();
      if (!name.endsWith(MARKDOWN) && !name.equals("layout.html")) {
        var copy = into.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.write(copy, OwnFiles.bytes(file.getValue()));
      }
    }
  }

  /** What an app is to open or scan; the test of a port is not part of it. */
  static String accountLink(RelayConfiguration configuration, String scheme) {
    return scheme + ":https://" + configuration.mailDomain() + "/new";
  }

  private void page(
      Path into,
      String name,
      String title,
      Template markdown,
      Template layout,
      Map<String, String> values)
      throws IOException, PageProblem {
    markdown.mustKnow(values.keySet());
    var all = new HashMap<>(values);
    all.put("title", Html.escape(title));
    all.put("content", fill(renderer.render(parser.parse(markdown.text())), values));
    layout.mustKnow(all.keySet());
    var file = into.resolve(name + ".html");
    Files.createDirectories(file.getParent());
    Files.writeString(file, fill(layout.text(), all));
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
    return Template.PLACE
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
