package dev.postbus.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A header of a record of the log. */
public final class RawHeader {
  private final String name;
  private final byte @Nullable [] value;

  /**
   * A header.
   *
   * @param value null if it has none
   */
  public RawHeader(String name, byte @Nullable [] value) {
    this.name = name;
    this.value = value;
  }

  /** One with text. */
  public RawHeader(String name, String value) {
    this(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Not to be changed. */
  public byte @Nullable [] value() {
    return value;
  }

  /** The value as UTF-8; null if it has none. */
  public @Nullable String text() {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawHeader header
        && name.equals(header.name)
        && Arrays.equals(value, header.value);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return name + ": " + text();
  }
}
