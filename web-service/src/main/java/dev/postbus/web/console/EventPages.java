package dev.postbus.web.console;

import dev.postbus.events.DeadLetter;
import dev.postbus.events.EventTypes;
import dev.postbus.events.LogPages;
import dev.postbus.events.LoggedRecord;
import dev.postbus.events.Topic;
import dev.postbus.events.UnreadableRecord;
import dev.postbus.web.services.Services;
import dev.postbus.web.timeline.Chain;
import dev.postbus.web.timeline.EventText;
import dev.postbus.web.timeline.Filter;
import dev.postbus.web.timeline.Position;
import dev.postbus.web.timeline.Timeline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pages of what is on the log. */
final class EventPages {
  private static final int WIDTH = 1000;
  private static final int SHOWN_OF_A_LETTER = 2000;
  private static final List<String> SERVICES =
      List.of("config-service", "cert-service", "mail-supervisor", "web-service", "local-stack");
  private static final List<String> TYPES = EventTypes.shortNames();

  private final Timeline timeline;
  private final Chain chain;

  EventPages(LogPages log) {
    timeline = new Timeline(log);
    chain = new Chain(log);
  }

  /** A record in a row of a table. */
  record Row(
      String path,
      String time,
      String iso,
      String type,
      String service,
      String text,
      boolean bad) {}

  /** A choice of a list. */
  record Choice(String value, boolean chosen) {}

  View timeline(Fields query) {
    var problems = new ArrayList<String>();
    var filter = filter(query, problems);
    var before = Position.parse(query.get("before")).orElse(null);
    var page = timeline.page(filter, before);
    var data = page(page, filterQuery(query), before != null);
    data.put("types", choices(TYPES, query.get("type")));
    data.put("services", choices(SERVICES, query.get("service")));
    data.put("since", query.get("since"));
    data.put("until", query.get("until"));
    data.put("problems", problems);
    return View.of("events", "Events", data);
  }

  private static Filter filter(Fields query, List<String> problems) {
    return new Filter(
        null,
        TYPES.contains(query.get("type")) ? query.get("type") : "",
        query.get("service").matches("[a-z-]{1,40}") ? query.get("service") : "",
        time(query, "since", problems).orElse(null),
        time(query, "until", problems).orElse(null));
  }

  private static Optional<Instant> time(Fields query, String name, List<String> problems) {
    var text = query.get(name);
    var time = Texts.instant(text);
    if (time.isEmpty() && !text.isEmpty()) {
      problems.add(
          "'%s' is no time: write 2026-11-26, 2026-11-26 13:00 or 2026-11-26T13:00:00Z, in UTC."
              .formatted(Texts.bounded(text)));
    }
    return time;
  }

  private static String filterQuery(Fields query) {
    var kept = new StringBuilder();
    for (var name : List.of("type", "service", "since", "until")) {
      if (!query.get(name).isEmpty()) {
        kept.append('&').append(name).append('=').append(Services.encoded(query.get(name)));
      }
    }
    return kept.toString();
  }

  private static Map<String, Object> page(Timeline.Page page, String kept, boolean paged) {
    var data = new HashMap<String, Object>();
    data.put("rows", page.records().stream().map(EventPages::row).toList());
    data.put("lookedAt", page.lookedAt());
    data.put("cutShort", page.cutShort());
    data.put("older", page.older() == null ? "" : "?before=" + page.older() + kept);
    data.put("newest", kept.isEmpty() ? "" : "?" + kept.substring(1));
    data.put("paged", paged);
    return data;
  }

  private static List<Choice> choices(List<String> all, String chosen) {
    return all.stream().map(one -> new Choice(one, one.equals(chosen))).toList();
  }

  private static Row row(LoggedRecord record) {
    String text;
    var bad = false;
    var time = record.recorded();
    try {
      var envelope = record.event();
      text = EventText.of(envelope.event());
      bad = EventText.bad(envelope.event());
      time = envelope.time();
    } catch (UnreadableRecord e) {
      text = String.valueOf(e.getMessage());
      bad = !e.unknownType();
    }
    return new Row(
        record.topic().kafkaName() + "/" + record.offset(),
        Texts.time(time),
        time.toString(),
        record.type().isEmpty() ? "(no type)" : Texts.bounded(record.type()),
        record.service().isEmpty() ? "(nobody)" : Texts.bounded(record.service()),
        Texts.bounded(text),
        bad);
  }

  /**
   * A link of a chain, with where its bar begins and how long it is on a scale of 1000.
   *
   * @param after time since the event that it answers; empty for the first
   */
  record Node(Row row, boolean asked, String after, int from, int width, List<Node> effects) {}

  /** The chain that a record belongs to. */
  View chain(String topicName, String offsetText) {
    var topic =
        Arrays.stream(Topic.values()).filter(one -> one.kafkaName().equals(topicName)).findFirst();
    var found =
        topic.isPresent() && offsetText.matches("\\d{1,18}")
            ? chain.of(topic.get(), Long.parseLong(offsetText))
            : Optional.<Chain.Found>empty();
    if (found.isEmpty()) {
      return View.problem(404, "No such event", "There is no such event on the log.");
    }
    var first = found.get().first();
    var begin = time(first.record());
    var total = Math.max(1, Duration.between(begin, end(first)).toMillis());
    var asked = topicName + "/" + Long.parseLong(offsetText);
    return View.of(
        "chain",
        "A change and what came of it",
        Map.of(
            "first", node(first, begin, begin, total, asked),
            "causeMissing", found.get().causeMissing(),
            "total", Texts.span(Duration.ofMillis(total)),
            "count", count(first)));
  }

  private static int count(Chain.Link link) {
    return 1 + link.effects().stream().mapToInt(EventPages::count).sum();
  }

  private static Instant time(LoggedRecord record) {
    try {
      return record.event().time();
    } catch (UnreadableRecord e) {
      return record.recorded();
    }
  }

  private static Instant end(Chain.Link link) {
    var end = time(link.record());
    for (var effect : link.effects()) {
      var last = end(effect);
      end = last.isAfter(end) ? last : end;
    }
    return end;
  }

  private static Node node(
      Chain.Link link, Instant begin, Instant cause, long total, String asked) {
    var row = row(link.record());
    var time = time(link.record());
    var from = scaled(Duration.between(begin, cause).toMillis(), total);
    var to = scaled(Duration.between(begin, time).toMillis(), total);
    return new Node(
        row,
        row.path().equals(asked),
        cause.equals(begin) && time.equals(begin) ? "" : Texts.span(Duration.between(cause, time)),
        from,
        Math.max(WIDTH / 200, to - from),
        link.effects().stream().map(one -> node(one, begin, time, total, asked)).toList());
  }

  private static int scaled(long millis, long total) {
    return (int) Math.clamp(millis * WIDTH / total, 0L, WIDTH);
  }

  /** A record that somebody could not read. */
  record Letter(Row row, String reader, String topic, long offset, String reason, String content) {}

  View deadLetters(Fields query) {
    var before = Position.parse(query.get("before")).orElse(null);
    var page = timeline.page(new Filter(Topic.DEAD_LETTER, "", "", null, null), before);
    var data = page(page, "", before != null);
    data.put("letters", page.records().stream().map(EventPages::letter).toList());
    return View.of("dead-letters", "Dead letters", data);
  }

  private static Letter letter(LoggedRecord record) {
    var row = row(record);
    try {
      if (record.event().event() instanceof DeadLetter dead) {
        return new Letter(
            row,
            dead.reader(),
            dead.fromTopic(),
            dead.offset(),
            Texts.bounded(dead.reason()),
            content(dead.content()));
      }
    } catch (UnreadableRecord e) {
      // As any other row.
    }
    return new Letter(row, row.service(), "", 0, row.text(), "");
  }

  private static String content(String base64) {
    try {
      var text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      var shown = text.substring(0, Math.min(SHOWN_OF_A_LETTER, text.length()));
      return shown.replaceAll("[\\p{Cc}\\p{Cf}&&[^\\n]]", "\uFFFD");
    } catch (IllegalArgumentException e) {
      return base64;
    }
  }
}
