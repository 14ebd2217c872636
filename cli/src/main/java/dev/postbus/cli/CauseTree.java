package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.postbus.audit.CausedEvent;
import dev.postbus.events.UnreadableRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The chain of a change as a tree: each event below what it answers, with the time since that. */
final class CauseTree {
  private final Map<String, List<CausedEvent>> below = new LinkedHashMap<>();
  private final List<CausedEvent> roots = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final Set<String> shown = new HashSet<>();

  private CauseTree(List<CausedEvent> chain) {
    var ids = new HashSet<String>();
    chain.forEach(event -> ids.add(event.head().id()));
    for (var event : chain) {
      var cause = event.head().causationId();
      if (cause == null || !ids.contains(cause)) {
        roots.add(event);
      } else {
        below.computeIfAbsent(cause, id -> new ArrayList<>()).add(event);
      }
    }
  }

  /**
   * Its lines.
   *
   * @param chain sorted by time
   */
  static List<String> lines(List<CausedEvent> chain) {
    var tree = new CauseTree(chain);
    for (var root : tree.roots) {
      tree.lines.add(
          "%s  %s  %s"
              .formatted(
                  EventLine.time(root.head().time()),
                  EventLine.shortId(root.head().id()),
                  EventLine.what(root.head(), summary(root))));
      var cause = root.head().causationId();
      if (cause != null) {
        tree.lines.add("(its cause " + cause + " is not in the log)");
      }
      tree.add(root, "");
    }
    return tree.lines;
  }

  private void add(CausedEvent parent, String indent) {
    if (!shown.add(parent.head().id())) {
      return;
    }
    var children = below.getOrDefault(parent.head().id(), List.of());
    for (int i = 0; i < children.size(); i++) {
      var child = children.get(i);
      var last = i == children.size() - 1;
      var after = Duration.between(parent.head().time(), child.head().time());
      lines.add(
          "%s%s %8s  %s  %s"
              .formatted(
                  indent,
                  last ? "└─" : "├─",
                  after(after),
                  EventLine.shortId(child.head().id()),
                  EventLine.what(child.head(), summary(child))));
      add(child, indent + (last ? "   " : "│  "));
    }
  }

  private static String after(Duration time) {
    var millis = time.toMillis();
    return Math.abs(millis) < 10_000
        ? "+%d ms".formatted(millis)
        : "+%d s".formatted(millis / 1000);
  }

  static JsonNode data(CausedEvent event) {
    try {
      return Rest.JSON.readTree(event.raw().data());
    } catch (IOException noJson) {
      return new TextNode(new String(event.raw().data(), StandardCharsets.UTF_8));
    }
  }

  private static String summary(CausedEvent event) {
    try {
      return event
          .raw()
          .event(event.head())
          .map(EventJson::summary)
          .orElseGet(() -> data(event).toString());
    } catch (UnreadableRecord e) {
      return "unreadable: " + e.getMessage();
    }
  }
}
