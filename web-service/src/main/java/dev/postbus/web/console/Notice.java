package dev.postbus.web.console;

import java.util.List;

/**
 * What a page says of what was done.
 *
 * @param good whether it was done
 * @param text in a sentence
 * @param lines more of it, each by itself
 */
record Notice(boolean good, String text, List<String> lines) {
  Notice {
    lines = List.copyOf(lines);
  }

  static Notice done(String text) {
    return new Notice(true, text, List.of());
  }

  static Notice refused(String text, List<String> problems) {
    return new Notice(false, text, problems);
  }
}
