package dev.postbus.web;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A language that the shipped pages are written in.
 *
 * @param tag its name in HTML (RFC 5646)
 * @param suffix what its files have in their names before the ending; empty for the one that is
 *     taken where no other is asked for
 */
record Language(String tag, String suffix) {
  static final Language ENGLISH = new Language("en", "");
  static final Language RUSSIAN = new Language("ru", ".ru");
  static final List<Language> ALL = List.of(ENGLISH, RUSSIAN);

  /** By what nginx says of a request's language; the default for anything else. */
  static Language ofSuffix(@Nullable String suffix) {
    return ALL.stream().filter(one -> one.suffix().equals(suffix)).findFirst().orElse(ENGLISH);
  }

  /** Where the shipped Markdown of a page is. */
  String shipped(String page) {
    return "pages/" + (suffix.isEmpty() ? "" : tag + "/") + page + ".md";
  }

  /** The short texts that are not part of a page. */
  Properties texts() throws IOException {
    var name = "/web/texts" + suffix + ".properties";
    try (var in =
        new InputStreamReader(
            Objects.requireNonNull(Language.class.getResourceAsStream(name), name),
            StandardCharsets.UTF_8)) {
      var texts = new Properties();
      texts.load(in);
      return texts;
    }
  }
}
