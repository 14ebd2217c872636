package dev.postbus.bench.results;

/**
 * A value at a time.
 *
 * @param x seconds since the beginning
 * @param y the value
 */
public record Point(double x, double y) {}
