package dev.postbus.cert.foreign;

import java.util.List;

/** Texts that may quote what somebody brought, made fit for a line of a log. */
final class Printable {
  private static final int LONGEST = 1000;

  private Printable() {}

  static List<String> texts(List<String> texts) {
    return texts.stream().map(Printable::text).toList();
  }

  private static String text(String text) {
    var oneLine = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    return oneLine.length() > LONGEST ? oneLine.substring(0, LONGEST) + "…" : oneLine;
  }
}
