package dev.postbus.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Machine MACHINE =
      new Machine(2, 24_000, "a processor", "6.1", 128, "25.0.3");
  private static final Report REPORT =
      new Report(
          "Postbus",
          "2026-11-24T12:00:00Z",
          MACHINE,
          List.of(new Series("first login", "ms", List.of(14.25, 13.0, 20.0))),
          List.of(new Figure("throughput", "messages/s", 61.5)),
          List.of("late: client 3"));

  @TempDir Path folder;

  @Test
  void comesBackFromItsFileAsItWas() throws IOException {
    var file = folder.resolve("report.json");

    // When it is written, over an older one
    ReportFile.write(REPORT, file);
    ReportFile.write(REPORT, file);

    // Then it reads as it was, and nothing else is left in the folder
    assertThat(ReportFile.read(file)).isEqualTo(REPORT);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void readsAReportOfANewerVersion() throws IOException {
    // Given a report that says more than this version knows
    var file = folder.resolve("report.json");
    ReportFile.write(REPORT, file);
    Files.writeString(
        file, Files.readString(file).replaceFirst("\\{", "{ \"weather\" : \"fine\","));

    // Then the rest is there
    assertThat(ReportFile.read(file)).isEqualTo(REPORT);
  }

  @Test
  void whatIsRecordedWithinARecorderIsInItsReport() throws IOException {
    // Given a recorder, and one within one within it
    var file = folder.resolve("report.json");
    var recorder = new Recorder("Postbus", file, line -> {});
    var inner = recorder.within("10 accounts: ").within("again: ");

    // When something of each kind is recorded there
    inner.figure("memory", "MB", 5);
    inner.series("login", "ms", List.of(1.0));
    inner.remark("slow");

    // Then it is saved in the one report, under a longer name
    var report = ReportFile.read(file);
    assertThat(report.figures()).containsExactly(new Figure("10 accounts: again: memory", "MB", 5));
    assertThat(report.series())
        .extracting(Series::name)
        .containsExactly("10 accounts: again: login");
    assertThat(report.remarks()).containsExactly("10 accounts: again: slow");
    assertThat(inner.report()).isEqualTo(report);
  }

  @Test
  void theRecorderSavesAfterEachResult() throws IOException {
    // Given a run that is cut short after one series and one remark
    var file = folder.resolve("report.json");
    var heard = new ArrayList<String>();
    var recorder = new Recorder("Postbus", file, heard::add);
    recorder.series("first login", "ms", List.of(2.00049, 1.0));
    recorder.remark("late: client 3");

    // Then the file has both
    var saved = ReportFile.read(file);
    assertThat(saved.series()).containsExactly(new Series("first login", "ms", List.of(1.0, 2.0)));
    assertThat(saved.remarks()).containsExactly("late: client 3");
    assertThat(saved.machine()).isEqualTo(Machine.here());
    assertThat(heard)
        .containsExactly("first login: median 1.50, p99 1.99, max 2.00 ms of 2", "late: client 3");
  }

  @Test
  void aSeriesWithoutSamplesIsARemark() throws IOException {
    var recorder = new Recorder("Postbus", folder.resolve("report.json"), line -> {});

    recorder.series("first login", "ms", List.of());

    assertThat(recorder.report().series()).isEmpty();
    assertThat(recorder.report().remarks()).containsExactly("first login: no samples");
  }

  @Test
  void showsItselfInTables() {
    assertThat(Markdown.of(REPORT))
        .isEqualTo(
            """
            Postbus, 2026-11-24T12:00:00Z: 2 cores (a processor), 24000 MiB of memory, kernel 6.1 (128 inotify instances a user), Java 25.0.3

            | what | median | p99 | min | max | spread | unit | samples |
            | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |
            | first login | 14.3 | 19.9 | 13.0 | 20.0 | 3.50 | ms | 3 |

            | what | figure | unit |
            | --- | ---: | --- |
            | throughput | 61.5 | messages/s |

            - late: client 3
            """);
  }
}
