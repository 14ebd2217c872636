package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  @TempDir Path folder;

  @Test
  void whatWasFoundSoFarIsInTheFileUntilSomethingElseIsSaid() throws IOException {
    // Given a long measurement that has told twice what it found
    var file = folder.resolve("bench.json");
    var recorder = new Recorder("relay", file, line -> {});
    recorder.figure("before", "MB", 1);
    recorder.soFar(List.of(), List.of(new Figure("lost", "messages", 3)));
    recorder.soFar(List.of(), List.of(new Figure("lost", "messages", 0)));

    // Then a run that is cut short here has the last
    assertThat(ReportFile.read(file).figures())
        .containsExactly(new Figure("before", "MB", 1), new Figure("lost", "messages", 0));
  }

  @Test
  void whatIsFoundInTheEndTakesThePlaceOfWhatWasSaidSoFar() throws IOException {
    // Given a measurement that has told what it found
    var file = folder.resolve("bench.json");
    var heard = new ArrayList<String>();
    var recorder = new Recorder("relay", file, heard::add);
    recorder.soFar(List.of(), List.of(new Figure("lost", "messages", 3)));

    // When it ends
    recorder.found(
        List.of(new Series("latency", "ms", List.of(1.23456))),
        List.of(new Figure("lost", "messages", 0)),
        List.of("late: 1 s"));

    // Then all is there once, without the digits that are noise, and was told
    var report = ReportFile.read(file);
    assertThat(report.series()).containsExactly(new Series("latency", "ms", List.of(1.235)));
    assertThat(report.figures()).containsExactly(new Figure("lost", "messages", 0));
    assertThat(report.remarks()).containsExactly("late: 1 s");
    assertThat(heard).hasSize(3).last().isEqualTo("late: 1 s");
  }

  @Test
  void whatIsFoundByAPartIsFoundByTheWhole() throws IOException {
    // Given a part of a report that has told what it found
    var file = folder.resolve("bench.json");
    var part = new Recorder("relay", file, line -> {}).within("small: ");
    part.soFar(List.of(), List.of(new Figure("lost", "messages", 3)));

    // When it ends
    part.series("late", "ms", List.of());
    part.found(
        List.of(new Series("latency", "ms", List.of(2.0))),
        List.of(new Figure("lost", "messages", 0)),
        List.of("killed once"));

    var report = ReportFile.read(file);
    assertThat(report.series()).containsExactly(new Series("small: latency", "ms", List.of(2.0)));
    assertThat(report.figures()).containsExactly(new Figure("small: lost", "messages", 0));
    assertThat(report.remarks()).containsExactly("small: late: no samples", "small: killed once");
  }

  @Test
  void otherFilesOfAReportLieBesideIt() {
    var recorder = new Recorder("relay", folder.resolve("bench.json"), line -> {});

    assertThat(recorder.beside(".svg")).isEqualTo(folder.resolve("bench.svg"));
  }
}
