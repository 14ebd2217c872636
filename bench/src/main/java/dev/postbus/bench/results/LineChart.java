package dev.postbus.bench.results;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Lines over time as a picture in SVG, readable on light and dark ground, without a script.
 *
 * @param title above all
 * @param seconds length of the time axis
 * @param marks seconds at which something happened that a reader has to know
 * @param panels one above the other, with the same time axis
 */
public record LineChart(String title, double seconds, List<Double> marks, List<Panel> panels) {
  static final int WIDTH = 900;
  static final int LEFT = 70;
  static final int RIGHT = 680;
  static final int TOP = 65;
  static final int PANEL = 200;
  static final int GAP = 50;

  private static final int LEGEND_LINE = 16;
  private static final int COLOURS = 8;
  private static final String STYLE =
      """
      <style>
        svg { --ground: #ffffff; --ink: #24292f; --grid: #d8dee4; --mark: #c8a415;
          --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df;
          --c4: #bf3989; --c5: #6e7781; --c6: #9a6700; --c7: #1b7c83 }
        @media (prefers-color-scheme: dark) {
          svg { --ground: #0d1117; --ink: #e6edf3; --grid: #30363d; --mark: #7d6a1c;
            --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff;
            --c4: #f778ba; --c5: #8b949e; --c6: #d29922; --c7: #39c5cf }
        }
        text { font: 12px sans-serif; fill: var(--ink) }
        .head { font-weight: bold }
        .ground { fill: var(--ground) }
        .grid { stroke: var(--grid) }
        .mark { stroke: var(--mark); stroke-dasharray: 2 3 }
        polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round }
      </style>
      """;

  /** Copies the lists. */
  public LineChart {
    marks = List.copyOf(marks);
    panels = List.copyOf(panels);
  }

  /**
   * Lines with a common scale.
   *
   * @param title above it, with the unit
   * @param logarithmic whether each factor of ten takes the same room
   * @param lines those with the largest values come first in the legend
   */
  public record Panel(String title, boolean logarithmic, List<Line> lines) {
    /** Leaves out empty lines, and brings the others in order. */
    public Panel {
      lines =
          lines.stream()
              .filter(line -> !line.points().isEmpty())
              .sorted(Comparator.comparingDouble(Line::largest).reversed())
              .toList();
    }
  }

  /**
   * A quantity over time.
   *
   * @param name for the legend
   * @param points in order of time
   */
  public record Line(String name, List<Point> points) {
    double largest() {
      return points.stream().mapToDouble(Point::y).max().orElse(0);
    }

    double smallest() {
      return points.stream().mapToDouble(Point::y).min().orElse(0);
    }
  }

  /** The picture. */
  public String svg() {
    var height = TOP + panels.size() * (PANEL + GAP) + 10;
    var out = new ArrayList<String>();
    out.add(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">",
            WIDTH,
            height));
    out.add("<title>" + escaped(title) + "</title>");
    out.add(STYLE.strip());
    out.add(
        String.format(
            Locale.ROOT, "<rect class=\"ground\" width=\"%d\" height=\"%d\"/>", WIDTH, height));
    out.add(text(LEFT, 22, "head", "start", title));
    for (int i = 0; i < panels.size(); i++) {
      draw(panels.get(i), TOP + i * (PANEL + GAP), out);
    }
    out.add("</svg>");
    return String.join("\n", out) + "\n";
  }

  private void draw(Panel panel, int top, List<String> out) {
    var bottom = top + PANEL - GAP / 2;
    var time = Axis.linear(seconds / 60, LEFT, RIGHT);
    var largest = panel.lines().stream().mapToDouble(Line::largest).max().orElse(0);
    var smallest = panel.lines().stream().mapToDouble(Line::smallest).min().orElse(0);
    var values =
        panel.logarithmic()
            ? Axis.logarithmic(smallest, largest, bottom, top)
            : Axis.linear(largest * 1.05, bottom, top);
    out.add(text(LEFT, top - 8, "head", "start", panel.title()));
    for (var tick : values.ticks()) {
      out.add(line("grid", LEFT, values.place(tick), RIGHT, values.place(tick)));
      out.add(text(LEFT - 6, values.place(tick) + 4, "", "end", number(tick)));
    }
    for (var tick : time.ticks()) {
      out.add(line("grid", time.place(tick), top, time.place(tick), bottom));
      out.add(text(time.place(tick), bottom + 16, "", "middle", number(tick)));
    }
    out.add(text(RIGHT + 10, bottom + 16, "", "start", "minutes"));
    for (var mark : marks) {
      out.add(line("mark", time.place(mark / 60), top, time.place(mark / 60), bottom));
    }
    for (int i = 0; i < panel.lines().size(); i++) {
      var stroke =
          String.format(
              Locale.ROOT,
              "style=\"stroke: var(--c%d)\"%s",
              i % COLOURS,
              i < COLOURS ? "" : " stroke-dasharray=\"5 3\"");
      var shown = panel.lines().get(i);
      var path = new StringBuilder();
      for (var point : shown.points()) {
        path.append(
            String.format(
                Locale.ROOT, "%.1f,%.1f ", time.place(point.x() / 60), values.place(point.y())));
      }
      out.add("<polyline " + stroke + " points=\"" + path.toString().strip() + "\"/>");
      var y = top + 6 + i * LEGEND_LINE;
      out.add(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke-width=\"3\" %s/>",
              RIGHT + 10,
              y,
              RIGHT + 28,
              y,
              stroke));
      out.add(text(RIGHT + 34, y + 4, "", "start", shown.name()));
    }
  }

  private static String line(String kind, double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        kind,
        x1,
        y1,
        x2,
        y2);
  }

  private static String text(double x, double y, String kind, String anchor, String words) {
    return String.format(
        Locale.ROOT,
        "<text%s x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        kind.isEmpty() ? "" : " class=\"" + kind + "\"",
        x,
        y,
        anchor,
        escaped(words));
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
