package dev.postbus.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What is shipped with this program. */
final class Resources {
  private Resources() {}

  static String text(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Resources.class.getResourceAsStream("/web/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
