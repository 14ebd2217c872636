package dev.postbus.bench.soak;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/** Counts what went wrong, by kind: never a reason to stop. */
final class Errors {
  private static final int LONGEST = 110;

  private final Kills kills;
  private final Map<String, Integer> outside = new TreeMap<>();
  private final Map<String, Long> firstOutside = new TreeMap<>();
  private final Map<String, Integer> near = new TreeMap<>();
  private boolean over;

  Errors(Kills kills) {
    this.kills = kills;
  }

  /** Something went wrong at a moment, by {@link System#nanoTime}. */
  synchronized void add(String doing, Exception error, long at) {
    if (!over) {
      var kind = doing + ": " + kind(error);
      if (kills.near(at)) {
        near.merge(kind, 1, Integer::sum);
      } else {
        outside.merge(kind, 1, Integer::sum);
        firstOutside.putIfAbsent(kind, at);
      }
    }
  }

  /** From now on, connections break because the measurement ends. */
  synchronized void end() {
    over = true;
  }

  /** How many of each kind, outside of the windows of kills. */
  synchronized Map<String, Integer> outside() {
    return new TreeMap<>(outside);
  }

  /** When the first of each kind was outside of the windows, by {@link System#nanoTime}. */
  synchronized Map<String, Long> firstOutside() {
    return new TreeMap<>(firstOutside);
  }

  /** How many of each kind, in the windows of kills. */
  synchronized Map<String, Integer> near() {
    return new TreeMap<>(near);
  }

  /** The same words for the same thing: without addresses and times. */
  static String kind(Exception error) {
    return switch (error) {
      case ConnectException refused -> "connection refused";
      case SocketTimeoutException late -> "no answer in time";
      case EOFException gone -> "connection broken";
      case SocketException gone -> "connection broken";
      case SSLException broken -> "TLS broken";
      default -> words(error);
    };
  }

  private static String words(Exception error) {
    var words =
        (error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage())
            .replaceAll("\\S+@\\S+", "<address>")
            .replaceAll(" ?\\[[^\\]]*\\d{4}-\\d\\d-\\d\\d[^\\]]*\\]", "")
            .replaceAll("\\s+", " ")
            .strip();
    return words.length() > LONGEST ? words.substring(0, LONGEST) : words;
  }
}
