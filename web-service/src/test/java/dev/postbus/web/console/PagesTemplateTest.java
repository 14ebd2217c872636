package dev.postbus.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.web.Html;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into pages stays text. */
class PagesTemplateTest {
  private static final Map<String, Object> FRAME =
      Map.of(
          "title", "Title",
          "domain", "_relay.test",
          "formToken", "t",
          "places", Place.all("events"),
          "notices", List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)",
        "{text.raw}", "&lt;script&gt;", "</title><script>"
      })
  void aTextIsNeverMarkup(String text) {
    var data = new HashMap<>(FRAME);
    data.put("text", text);
    data.put("title", text);
    data.put("domain", text);

    var page = new Pages().render("problem", data);

    var rest = page.replace("<script src=\"/console/console.js\" defer></script>", "");
    assertThat(rest).doesNotContain("<script", "<img", "' onfocus");
    assertThat(page).contains(Html.escape(text));
  }

  @Test
  void noFileHasAScriptOrAStyleInItNorLoadsFromElsewhere() {
    for (var name :
        List.of(
            "layout",
            "login",
            "problem",
            "problems",
            "overview",
            "events",
            "rows",
            "pager",
            "facts",
            "chain",
            "node",
            "dead-letters",
            "configuration",
            "configuration-key",
            "configuration-history",
            "certificate",
            "doctor",
            "users",
            "invites")) {
      var text = new String(Pages.file(name + ".html").orElseThrow(), StandardCharsets.UTF_8);
      assertThat(text)
          .as(name)
          .doesNotContain("http:", "https:", "style=", "onclick", "<style", ".raw", "//cdn");
      assertThat(text.replace("<script src=\"/console/console.js\" defer></script>", ""))
          .as(name)
          .doesNotContain("<script");
    }
  }
}
