package dev.postbus.events;

import org.jspecify.annotations.Nullable;

/**
 * One key that changed.
 *
 * @param key its name
 * @param oldValue the value before, null where there was no version before
 * @param newValue the value now
 * @param layer where the new value comes from: {@code default}, {@code ini}, {@code environment},
 *     {@code operator}
 */
public record KeyChange(
    String key, @Nullable String oldValue, @Nullable String newValue, String layer) {}
