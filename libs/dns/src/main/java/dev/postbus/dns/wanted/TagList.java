package dev.postbus.dns.wanted;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tags and values, as DKIM, DMARC and MTA-STS write them (RFC 6376, section 3.2). */
final class TagList {
  private final Map<String, String> tags;

  private TagList(Map<String, String> tags) {
    this.tags = tags;
  }

  /** Reads a list; empty if it is none, also if a tag is there twice. */
  static Optional<TagList> read(String text) {
    var tags = new LinkedHashMap<String, String>();
    for (var part : text.strip().replaceFirst(";$", "").split(";", -1)) {
      var equals = part.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      var tag = part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      if (tags.putIfAbsent(tag, part.substring(equals + 1).strip()) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new TagList(tags));
  }

  Map<String, String> all() {
    return tags;
  }

  /** A tag's value; the standard one if it is not there. */
  String value(String tag, String standard) {
    return tags.getOrDefault(tag, standard);
  }

  /** Whether a value that is a list with colons has an entry. */
  boolean lists(String tag, String standard, String entry) {
    for (var listed : value(tag, standard).split(":")) {
      if (listed.strip().equalsIgnoreCase(entry)) {
        return true;
      }
    }
    return false;
  }
}
