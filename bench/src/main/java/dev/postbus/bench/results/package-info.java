/** Figures: kept in JSON, shown as Markdown, compared with older ones. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.results;
