package dev.postbus.events;

import java.util.List;

/**
 * Where the value of a key comes from.
 *
 * @param layer the layer of the value in force: {@code default}, {@code ini}, {@code environment},
 *     {@code operator}
 * @param hides what the layers beneath it say, the nearest first
 */
public record KeyOrigin(String layer, List<HiddenValue> hides) {
  /** Copies the list. */
  public KeyOrigin {
    hides = List.copyOf(hides);
  }

  /**
   * A value that another one hides.
   *
   * @param layer where it comes from
   * @param value in canonical form
   */
  public record HiddenValue(String layer, String value) {}
}
