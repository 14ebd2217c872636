package dev.postbus.web;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with places for values, an operator's own or the shipped one. */
final class Template {
  static final Pattern PLACE = Pattern.compile("\\{([a-z0-9_]+)}");

  private final Path file;
  private final String text;
  private final boolean own;

  Template(OwnFiles own, String name, String shipped) throws IOException, PageProblem {
    this.file = Objects.requireNonNullElse(own.files().get(name), Path.of(name));
    this.text = own.text(name).orElse(shipped);
    this.own = own.files().containsKey(name);
  }

  /** A text with values in their places; what is no value stays as it is. */
  static String fill(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Objects.requireNonNullElse(values.get(place.group(1)), place.group())));
  }

  String text() {
    return text;
  }

  /** A place without which a text is of no use. */
  void mustHave(String place) throws PageProblem {
    if (!text.contains("{" + place + "}")) {
      throw new PageProblem(file, "has no {" + place + "}, where each page's own part goes");
    }
  }

  /**
   * Whatever is in braces like a value should be one. In shipped texts it is; a configuration of an
   * older program may lack it.
   */
  void mustKnow(Set<String> values) throws PageProblem {
    if (!own) {
      return;
    }
    var line = 0;
    for (var each : text.lines().toList()) {
      line++;
      var places = PLACE.matcher(each);
      while (places.find()) {
        if (!values.contains(places.group(1))) {
          throw new PageProblem(
              file,
              line,
              places.group()
                  + " is no value; there are "
                  + String.join(", ", new TreeSet<>(values)));
        }
      }
    }
  }
}
