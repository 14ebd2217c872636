/** The measurements, each of which gives its figures to a recorder. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.measure;
