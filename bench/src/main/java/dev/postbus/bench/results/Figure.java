package dev.postbus.bench.results;

/**
 * What was measured once.
 *
 * @param name what was measured, the same in each report
 * @param unit e.g. {@code messages/s}
 * @param value in that unit
 */
public record Figure(String name, String unit, double value) {}
