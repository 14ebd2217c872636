package dev.postbus.web.console;

import java.util.Map;

/**
 * What a page shows.
 *
 * @param status HTTP's
 * @param template which template
 * @param title of the page
 * @param data for the template
 */
record View(int status, String template, String title, Map<String, Object> data) {
  View {
    data = Map.copyOf(data);
  }

  static View of(String template, String title, Map<String, Object> data) {
    return new View(200, template, title, data);
  }

  /** There is nothing to show. */
  static View problem(int status, String title, String text) {
    return new View(status, "problem", title, Map.of("text", text));
  }
}
