package dev.postbus.web;

import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders the public pages, in each language that there is one in. Markdown becomes HTML first, and
 * values are put in afterwards, escaped: no value of the configuration can bring markup with it.
 */
final class PageFiles {
  private static final String MARKDOWN = ".md";
  private static final Set<String> SHIPPED = Set.of("index", "info", "privacy", "busy", "404");
  private static final int PNG_SCALE = 8;

  private final PageSources sources;
  private final WellKnownFiles wellKnown;
  private final Parser parser;
  private final HtmlRenderer renderer;

  PageFiles(WebPorts ports, PageSources sources, Clock clock) {
    this.sources = sources;
    this.wellKnown = new WellKnownFiles(ports, clock);
    var extensions = List.of(TablesExtension.create());
    this.parser = Parser.builder().extensions(extensions).build();
    this.renderer = HtmlRenderer.builder().extensions(extensions).build();
  }

  /**
   * Where pages go.
   *
   * @param open what everybody can ask for
   * @param personal pages that are completed for one person each
   */
  record Folders(Path open, Path personal) {}

  /**
   * Renders the pages with an operator's own files.
   *
   * @throws PageProblem if one of these cannot be used; what is in the folders then is not whole
   */
  void render(RelayConfiguration configuration, Folders into) throws IOException, PageProblem {
    if (!configuration.text("www_folder").equals("disabled")) {
      var own = sources.files(configuration);
      if (PageSources.asItIs(configuration)) {
        copy(own, into.open());
      } else {
        pages(configuration, own, into);
      }
    }
    wellKnown.write(configuration, into.open());
  }

  /** Renders the pages as they are shipped. */
  void renderShipped(RelayConfiguration configuration, Folders into) throws IOException {
    try {
      pages(configuration, OwnFiles.none(), into);
    } catch (PageProblem e) {
      throw new IllegalStateException("shipped pages are without a problem", e);
    }
    wellKnown.write(configuration, into.open());
  }

  /** Renders what no file of an operator has a part in. */
  void renderWellKnown(RelayConfiguration configuration, Folders into) throws IOException {
    wellKnown.write(configuration, into.open());
  }

  private void pages(RelayConfiguration configuration, OwnFiles own, Folders into)
      throws IOException, PageProblem {
    var open = into.open();
    var qr = new QrCode(accountLink(configuration, "DCACCOUNT"));
    Files.write(open.resolve("qr.png"), qr.png(PNG_SCALE));
    Files.writeString(open.resolve("style.css"), Resources.text("style.css"));
    Files.writeString(open.resolve("robots.txt"), Resources.text("robots.txt"));
    copy(own, open);
    for (var language : Language.ALL) {
      var rendering = new Rendering(configuration, own, language, qr);
      for (var page : rendering.names()) {
        rendering.page(page, open);
      }
      for (var page : PersonalPages.ALL) {
        rendering.page(page, into.personal());
      }
    }
  }

  private static void copy(OwnFiles own, Path into) throws IOException, PageProblem {
    for (var file : own.files().entrySet()) {
      var name = file.getKey();
      if (!name.endsWith(MARKDOWN) && !name.matches("layout(\\.ru)?\\.html")) {
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

  /** The pages of one language. */
  private final class Rendering {
    private final RelayConfiguration configuration;
    private final OwnFiles own;
    private final Language language;
    private final Properties texts;
    private final Map<String, String> values;
    private final Template layout;

    Rendering(RelayConfiguration configuration, OwnFiles own, Language language, QrCode qr)
        throws IOException, PageProblem {
      this.configuration = configuration;
      this.own = own;
      this.language = language;
      this.texts = language.texts();
      this.values = values(qr);
      var ownLayout = own("layout", ".html").or(() -> ownDefault("layout", ".html"));
      layout = new Template(own, ownLayout.orElse("layout.html"), Resources.text("layout.html"));
      layout.mustHave("content");
    }

    /** Those that this language has something for; for any other there is the default's. */
    Set<String> names() {
      var names = new TreeSet<>(SHIPPED);
      for (var file : own.files().keySet()) {
        var ending = language.suffix() + MARKDOWN;
        if (file.endsWith(ending)) {
          names.add(file.substring(0, file.length() - ending.length()));
        }
      }
      names.removeIf(name -> name.endsWith(Language.RUSSIAN.suffix()));
      names.removeAll(PersonalPages.ALL);
      if (own.files().containsKey("404.html")) {
        names.remove("404");
      }
      return names;
    }

    /** Renders one, unless what an operator has for all languages stands for this one, too. */
    void page(String name, Path folder) throws IOException, PageProblem {
      var file = own(name, MARKDOWN);
      if (file.isEmpty() && ownDefault(name, MARKDOWN).isPresent()) {
        return;
      }
      var shipped = SHIPPED.contains(name) || PersonalPages.ALL.contains(name);
      var markdown =
          new Template(
              own,
              file.orElse(name + language.suffix() + MARKDOWN),
              shipped ? Resources.text(language.shipped(variant(name))) : "");
      write(folder.resolve(name + language.suffix() + ".html"), title(name, markdown), markdown);
    }

    /**
     * How one gets an account depends on who may have one. And apps ask only those for it whose
     * certificate somebody vouches for: of others, people get a login for the app themselves.
     */
    private String variant(String name) {
      var registration = configuration.registration();
      if (name.equals("index") && !registration.equals("open")) {
        return "index-" + registration;
      }
      return configuration.selfSignedDomain() && Set.of("index", "invite").contains(name)
          ? name + "-login"
          : name;
    }

    private Optional<String> own(String name, String ending) {
      return Optional.of(name + language.suffix() + ending)
          .filter(file -> own.files().containsKey(file));
    }

    private Optional<String> ownDefault(String name, String ending) {
      return Optional.of(name + ending).filter(file -> own.files().containsKey(file));
    }

    private String title(String name, Template markdown) {
      var title = texts.getProperty("title_" + name);
      if (title != null) {
        return title.formatted(configuration.mailDomain());
      }
      return markdown
          .text()
          .lines()
          .filter(line -> line.startsWith("# "))
          .findFirst()
          .map(line -> line.substring(2).strip())
          .orElse(name);
    }

    private void write(Path file, String title, Template markdown) throws IOException, PageProblem {
      markdown.mustKnow(values.keySet());
      var all = new HashMap<>(values);
      all.put("title", Html.escape(title));
      all.put("content", Template.fill(renderer.render(parser.parse(markdown.text())), values));
      layout.mustKnow(all.keySet());
      Files.createDirectories(file.getParent());
      Files.writeString(file, Template.fill(layout.text(), all));
    }

    private Map<String, String> values(QrCode qr) {
      var all = new HashMap<String, String>();
      configuration.values().forEach((key, value) -> all.put(key, Html.escape(value)));
      all.put("lang", language.tag());
      for (var text : texts.stringPropertyNames()) {
        all.put("text_" + text, Html.escape(text(text)));
      }
      all.put("domain", Html.escape(configuration.mailDomain()));
      all.put("dcaccount", Html.escape(accountLink(configuration, "dcaccount")));
      all.put("qr", qr.figure(text("qr")));
      all.put("operator", operator());
      // One person's own, put in when they ask for the page.
      for (var later : PersonalPages.PLACES) {
        all.put(later, "{" + later + "}");
      }
      return all;
    }

    private String operator() {
      var lines = new StringBuilder();
      line(lines, "", configuration.text("privacy_postal"));
      line(lines, text("operator_mail") + " ", configuration.text("privacy_mail"));
      line(lines, text("operator_pdo") + " ", configuration.text("privacy_pdo"));
      line(lines, text("operator_supervisor") + " ", configuration.text("privacy_supervisor"));
      return lines.isEmpty() ? text("operator_unknown") : lines.toString();
    }

    private void line(StringBuilder lines, String label, String value) {
      if (!value.isEmpty()) {
        lines.append(lines.isEmpty() ? "" : "<br>").append(label).append(Html.escape(value));
      }
    }

    private String text(String name) {
      return Objects.requireNonNull(texts.getProperty(name), name);
    }
  }
}
