package dev.postbus.web;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * How often nginx answered what, and nothing about whom: it stands in for an access log. Counted
 * from this service's start on; a handful of pages and statuses, so its size has a bound.
 */
final class Visits {
  private static final Pattern LINE = Pattern.compile("visit ([a-z-]{1,20}) ([1-5]\\d\\d)");

  private final Map<Kind, LongAdder> counts = new ConcurrentHashMap<>();

  /** A page, as nginx's configuration names it, and HTTP's status. */
  private record Kind(String page, int status) {}

  /**
   * How often a page was answered with a status.
   *
   * @param page as {@code nginx.conf} groups requests, e.g. {@code start} or {@code invite}
   * @param status HTTP's
   */
  record Count(String page, int status, long times) {}

  /** Counts a line of nginx; false if it is about something else. */
  boolean count(String line) {
    var visit = LINE.matcher(line);
    if (!visit.matches()) {
      return false;
    }
    var kind = new Kind(visit.group(1), Integer.parseInt(visit.group(2)));
    counts.computeIfAbsent(kind, first -> new LongAdder()).increment();
    return true;
  }

  /** How often nginx answered a page with a status. */
  long times(String page, int status) {
    var times = counts.get(new Kind(page, status));
    return times == null ? 0 : times.sum();
  }

  /** All, in the order of pages and statuses. */
  List<Count> counts() {
    return counts.entrySet().stream()
        .map(one -> new Count(one.getKey().page(), one.getKey().status(), one.getValue().sum()))
        .sorted(Comparator.comparing(Count::page).thenComparingInt(Count::status))
        .toList();
  }
}
