package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.bench.results.LineChart.Line;
import dev.postbus.bench.results.LineChart.Panel;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LineChartTest {
  private static final List<Point> CLIMB =
      IntStream.rangeClosed(0, 40).mapToObj(i -> new Point(i * 15, i * i)).toList();

  @Test
  void isWellFormedWhateverTheNamesAre() throws Exception {
    // Given names that mean something in XML
    var chart =
        new LineChart(
            "a < b & \"c\"",
            600,
            List.of(),
            List.of(new Panel("<MB>", false, List.of(new Line("stack's & <own>", CLIMB)))));

    var texts = texts(parse(chart.svg()));

    assertThat(texts).contains("a < b & \"c\"", "<MB>", "stack's & <own>");
  }

  @Test
  void everyPointLiesInItsPanel() throws Exception {
    // Given two panels, one of them logarithmic, with values below its axis and times beyond it
    var spread = List.of(new Point(0, 0), new Point(300, 3), new Point(900, 12_345));
    var chart =
        new LineChart(
            "run",
            600,
            List.of(),
            List.of(
                new Panel("linear", false, List.of(new Line("climb", CLIMB))),
                new Panel("logarithmic", true, List.of(new Line("spread", spread)))));

    var lines = elements(parse(chart.svg()), "polyline");

    assertThat(lines).hasSize(2);
    for (int panel = 0; panel < 2; panel++) {
      var top = LineChart.TOP + panel * (LineChart.PANEL + LineChart.GAP);
      var points = lines.get(panel).getAttribute("points").split(" ");
      assertThat(points).hasSize(panel == 0 ? CLIMB.size() : spread.size());
      for (var point : points) {
        assertThat(Double.parseDouble(point.split(",")[0]))
            .isBetween((double) LineChart.LEFT, (double) LineChart.RIGHT);
        assertThat(Double.parseDouble(point.split(",")[1]))
            .isBetween((double) top, (double) top + LineChart.PANEL - LineChart.GAP / 2);
      }
    }
  }

  @Test
  void aClimbGoesUpAndToTheRight() throws Exception {
    var chart =
        new LineChart(
            "run", 600, List.of(), List.of(new Panel("p", false, List.of(new Line("c", CLIMB)))));

    var points =
        elements(parse(chart.svg()), "polyline").getFirst().getAttribute("points").split(" ");

    var first = points[0].split(",");
    var last = points[points.length - 1].split(",");
    assertThat(Double.parseDouble(first[0])).isEqualTo(LineChart.LEFT);
    assertThat(Double.parseDouble(last[0])).isEqualTo(LineChart.RIGHT);
    assertThat(Double.parseDouble(last[1])).isLessThan(Double.parseDouble(first[1]));
  }

  @Test
  void theLargestLineLeadsTheLegendAndEmptyOnesAreLeftOut() {
    var panel =
        new Panel(
            "p",
            false,
            List.of(
                new Line("small", List.of(new Point(0, 1))),
                new Line("empty", List.of()),
                new Line("large", List.of(new Point(0, 9)))));

    assertThat(panel.lines()).extracting(Line::name).containsExactly("large", "small");
  }

  @Test
  void eachMarkIsDrawnInEachPanel() throws Exception {
    var panel = new Panel("p", false, List.of(new Line("c", CLIMB)));
    var chart = new LineChart("run", 600, List.of(60.0, 300.0), List.of(panel, panel));

    var marks =
        elements(parse(chart.svg()), "line").stream()
            .filter(line -> line.getAttribute("class").equals("mark"))
            .map(line -> Double.parseDouble(line.getAttribute("x1")))
            .toList();

    var middle = (LineChart.LEFT + LineChart.RIGHT) / 2.0;
    assertThat(marks).hasSize(4).contains(middle);
  }

  @Test
  void hasNoScriptAndNothingFromElsewhere() {
    var chart = new LineChart("run", 600, List.of(), List.of(new Panel("p", false, List.of())));

    assertThat(chart.svg()).contains("prefers-color-scheme: dark").doesNotContain("script", "href");
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document document, String name) {
    var found = new ArrayList<Element>();
    var nodes = document.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }

  private static List<String> texts(Document document) {
    return elements(document, "text").stream().map(Element::getTextContent).toList();
  }
}
