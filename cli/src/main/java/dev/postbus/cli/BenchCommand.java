package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Comparison;
import dev.postbus.bench.results.Markdown;
import dev.postbus.bench.results.Recorder;
import dev.postbus.bench.results.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bench",
    description = {
      "Measures the running stack, or any other relay with --target.",
      "It makes accounts and sends mail: not for a relay that people use."
    })
final class BenchCommand implements Callable<Integer> {
  @Mixin private StateOption state = new StateOption();

  @Parameters(arity = "0..*", paramLabel = "WHAT", description = "What to measure.")
  private List<String> what = List.of();

  @Option(
      names = "--target",
      paramLabel = "HOST",
      description = "Measure another relay, at this name or address.")
  private @Nullable String host;

  @Option(
      names = "--target-domain",
      paramLabel = "D",
      description = "The other relay's domain (default: HOST).")
  private @Nullable String domain;

  @Option(
      names = "--target-offset",
      paramLabel = "N",
      description = "What is added to the other relay's ports (default: 0).")
  private int offset;

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Where the report goes, as JSON (default: bench.json in the state folder).")
  private @Nullable Path save;

  @Option(names = "--compare", paramLabel = "FILE", description = "Compare with a saved report.")
  private @Nullable Path compare;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (host == null) {
      Containers.refuse("measure them from outside, with --target");
    }
    var own = host == null;
    if (own) {
      state.ports();
    }
    var measurements = Measurements.chosen(what, new Measurements.Request(state, own, options));
    var file =
        save != null ? save : Path.of(host == null ? state.folder() + "/bench.json" : "bench.json");
    var results =
        new Recorder(
            host == null ? "the stack on " + state.folder() : host, file, System.out::println);
    var done = measure(measurements, results);
    System.out.println();
    System.out.print(
        compare == null
            ? Markdown.of(results.report())
            : Markdown.of(Comparison.of(ReportFile.read(compare), results.report())));
    System.out.println("Saved in " + file);
    return done ? 0 : 1;
  }

  /** Makes one measurement after another; whether all were made. */
  private boolean measure(List<Measurement> measurements, Recorder results) throws IOException {
    var failed = false;
    var cutShort = CutShort.byExit(Thread.currentThread());
    try {
      for (var measurement : measurements) {
        try {
          if (host == null) {
            new MailQueue(state.folder()).awaitEmpty(results);
          }
          measurement.run(target(), results);
        } catch (IOException e) {
          // The others may still tell something.
          results.remark(measurement.name() + " failed: " + e.getMessage());
          failed = true;
        }
      }
    } catch (InterruptedException e) {
      results.remark("cut short");
      failed = true;
    } finally {
      cutShort.done();
    }
    return !failed;
  }

  private Target target() {
    if (host != null) {
      return Target.withOffset(host, offset, domain == null ? host : domain);
    }
    var settings = state.running().orElseThrow().settings();
    return Target.withOffset("127.0.0.1", settings.portOffset(), settings.domain());
  }
}
