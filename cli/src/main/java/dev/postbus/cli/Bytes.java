package dev.postbus.cli;

import java.util.Locale;

/** Sizes for people, in powers of 1000. */
final class Bytes {
  private static final String UNITS = "kMGTPE";

  private Bytes() {}

  static String text(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    var value = bytes / 1000.0;
    var unit = 0;
    while (value >= 999.95) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", value, UNITS.charAt(unit));
  }
}
