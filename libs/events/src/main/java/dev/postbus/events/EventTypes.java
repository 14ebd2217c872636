package dev.postbus.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type names of the events: {@code ConfigChanged} is {@code dev.postbus.config-changed.v1}. */
public final class EventTypes {
  private static final String PREFIX = "dev.postbus.";
  private static final String VERSION = ".v1";
  private static final Map<String, Class<? extends RelayEvent>> BY_NAME = byName();

  private EventTypes() {}

  /** All kinds of events. */
  public static List<Class<? extends RelayEvent>> all() {
    return List.copyOf(BY_NAME.values());
  }

  /** An event's type without prefix and version, e.g. {@code config-changed}. */
  public static String shortName(String type) {
    return type.startsWith(PREFIX)
        ? type.substring(PREFIX.length()).replaceFirst("\\.v\\d+$", "")
        : type;
  }

  /** All types without prefix and version, in the order of the alphabet. */
  public static List<String> shortNames() {
    return names().stream().map(EventTypes::shortName).toList();
  }

  static String nameOf(Class<?> event) {
    var words = event.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
    return PREFIX + words.toLowerCase(Locale.ROOT) + VERSION;
  }

  static @Nullable Class<? extends RelayEvent> classOf(String name) {
    return BY_NAME.get(name);
  }

  private static Map<String, Class<? extends RelayEvent>> byName() {
    var found = new HashMap<String, Class<? extends RelayEvent>>();
    var left = new ArrayDeque<Class<?>>(List.of(RelayEvent.class));
    while (!left.isEmpty()) {
      var next = left.remove();
      if (next.isInterface()) {
        Collections.addAll(left, next.getPermittedSubclasses());
      } else {
        found.put(nameOf(next), next.asSubclass(RelayEvent.class));
      }
    }
    return Collections.unmodifiableMap(new java.util.TreeMap<>(found));
  }

  static List<String> names() {
    return new ArrayList<>(BY_NAME.keySet());
  }
}
