package dev.postbus.config;

/** Levenshtein's distance: how many letters must change to make one word of another. */
final class EditDistance {
  private EditDistance() {}

  static int between(String a, String b) {
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        var change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
