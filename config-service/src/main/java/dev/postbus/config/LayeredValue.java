package dev.postbus.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A value and where it comes from.
 *
 * @param value in canonical form
 * @param layer its layer
 * @param hides what the layers beneath say, the nearest first
 */
record LayeredValue(String value, Layer layer, List<Hidden> hides) {
  /** Copies the list; files of older programs have none. */
  LayeredValue(String value, Layer layer, @Nullable List<Hidden> hides) {
    this.value = value;
    this.layer = layer;
    this.hides = hides == null ? List.of() : List.copyOf(hides);
  }

  /** A value that another one hides. */
  record Hidden(Layer layer, String value) {}

  /** The same upon what was there so far. */
  static LayeredValue upon(@Nullable LayeredValue beneath, String value, Layer layer) {
    if (beneath == null) {
      return new LayeredValue(value, layer, List.of());
    }
    var nearest = Stream.of(new Hidden(beneath.layer(), beneath.value()));
    return new LayeredValue(
        value, layer, Stream.concat(nearest, beneath.hides().stream()).toList());
  }

  /** What every layer says that says anything, the one in force first. */
  Stream<Hidden> all() {
    return Stream.concat(Stream.of(new Hidden(layer, value)), hides.stream());
  }
}
