package dev.postbus.bench.measure;

/** Sizes for people. */
final class Sizes {
  private Sizes() {}

  static String text(int bytes) {
    if (bytes >= 1_000_000) {
      return bytes / 1_000_000 + " MB";
    }
    return bytes >= 1_000 ? bytes / 1_000 + " KB" : bytes + " B";
  }
}
