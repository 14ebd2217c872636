package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.ExpiryDryRuns;
import dev.postbus.bench.measure.IdleConnections;
import dev.postbus.bench.measure.Logins;
import dev.postbus.bench.measure.MailLatency;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.OutOfHibernation;
import dev.postbus.bench.measure.PassdbLookups;
import dev.postbus.bench.measure.RandomGaps;
import dev.postbus.bench.measure.Throughput;
import dev.postbus.bench.measure.WebRequests;
import dev.postbus.bench.results.Comparison;
import dev.postbus.bench.results.Markdown;
import dev.postbus.bench.results.Recorder;
import dev.postbus.bench.results.ReportFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
    },
    footer = {
      "",
      "WHAT is one or more of:",
      "  mail         DATA to EXISTS at a client in IDLE",
      "  hibernation  the same after 33 s of silence, 50 clients",
      "  gaps         the same at random gaps of 0 to 40 s; counts what comes later than 1 s",
      "  logins       first and repeated logins, one after another and 8 at once",
      "  throughput   1000 messages over 4 connections",
      "  web          the start page and POST /new",
      "  idle         memory with --clients clients in IDLE (own stack only)",
      "  memory       proportional set size of all processes, by group (own stack only)",
      "  changes      config set and cert renew to applied by each service (own stack only)",
      "  passdb       lookups of existing accounts over the dict socket (own stack only)",
      "  expiry       dry run over 10000 mailboxes, made for it (own stack only)",
      "  start        up to the first login after down, and after kill -9 of everything",
      "               (own stack only; it is stopped for it)",
      "Without WHAT: mail, logins, throughput, web, and on the own stack memory and changes."
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> USUAL = List.of("mail", "logins", "throughput", "web");
  private static final List<String> USUAL_HERE = List.of("memory", "changes");

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

  @Option(names = "--runs", paramLabel = "N", description = "Samples of a series (default: 50).")
  private int runs = 50;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Clients in IDLE for idle and gaps (default: 100).")
  private int clients = 100;

  @Option(
      names = "--deliveries",
      paramLabel = "N",
      description = "Messages for gaps (default: 1000).")
  private int deliveries = 1000;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Where the report goes, as JSON (default: bench.json in the state folder).")
  private @Nullable Path save;

  @Option(names = "--compare", paramLabel = "FILE", description = "Compare with a saved report.")
  private @Nullable Path compare;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var known = host == null ? here() : elsewhere();
    var chosen = what.isEmpty() ? known.keySet().stream().filter(this::isUsual).toList() : what;
    var measurements = new ArrayList<Measurement>();
    for (var name : chosen) {
      var measurement = known.get(name);
      if (measurement == null) {
        throw new Failure("'" + name + "' cannot be measured; there are " + known.keySet());
      }
      measurements.add(measurement.get());
    }
    var file =
        save != null ? save : Path.of(host == null ? state.folder() + "/bench.json" : "bench.json");
    var results =
        new Recorder(
            host == null ? "the stack on " + state.folder() : host, file, System.out::println);
    var failed = false;
    for (var measurement : measurements) {
      try {
        measurement.run(target(), results);
      } catch (IOException e) {
        // The others may still tell something.
        results.remark(measurement.name() + " failed: " + e.getMessage());
        failed = true;
      }
    }
    System.out.println();
    System.out.print(
        compare == null
            ? Markdown.of(results.report())
            : Markdown.of(Comparison.of(ReportFile.read(compare), results.report())));
    System.out.println("Saved in " + file);
    return failed ? 1 : 0;
  }

  private boolean isUsual(String name) {
    return USUAL.contains(name) || USUAL_HERE.contains(name);
  }

  private Target target() {
    if (host != null) {
      return Target.withOffset(host, offset, domain == null ? host : domain);
    }
    state.ports();
    var settings = state.running().orElseThrow().settings();
    return Target.withOffset("127.0.0.1", settings.portOffset(), settings.domain());
  }

  private Map<String, Supplier<Measurement>> elsewhere() {
    var all = new LinkedHashMap<String, Supplier<Measurement>>();
    all.put("mail", () -> MailLatency.withRuns(runs));
    all.put("hibernation", () -> OutOfHibernation.withReceivers(Math.min(runs, clients)));
    all.put("gaps", () -> RandomGaps.of(clients, deliveries));
    all.put(
        "logins",
        () ->
            both(
                new Logins(Logins.Kind.FIRST, runs, 8), new Logins(Logins.Kind.REPEATED, runs, 8)));
    all.put("throughput", Throughput::standard);
    all.put("web", () -> both(WebRequests.page("/", runs), WebRequests.newAccounts(runs)));
    all.put("idle", () -> idle(List::of));
    return all;
  }

  private Map<String, Supplier<Measurement>> here() {
    var all = elsewhere();
    var memory = new StackMemory(state.running().orElseThrow().pid());
    all.put("idle", () -> idle(memory));
    all.put("memory", () -> memory);
    all.put("changes", () -> new ChangeTimes(state, runs));
    all.put("passdb", () -> new PassdbLookups(state.folder().resolve("policy/doveauth"), 20_000));
    all.put(
        "expiry",
        () ->
            new ExpiryDryRuns(
                state.folder().resolve("mailboxes"),
                URI.create("http://127.0.0.1:" + state.ports().mail()),
                10_000,
                Math.min(runs, 10)));
    all.put("start", () -> new StartTimes(state.folder(), Math.min(runs, 10)));
    return all;
  }

  private IdleConnections idle(dev.postbus.bench.measure.Sampler sampler) {
    return new IdleConnections(
        clients,
        50,
        Duration.ofSeconds(40),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        sampler);
  }

  private static Measurement both(Measurement first, Measurement second) {
    return new Measurement() {
      @Override
      public String name() {
        return first.name();
      }

      @Override
      public void run(Target target, Recorder results) throws IOException, InterruptedException {
        first.run(target, results);
        second.run(target, results);
      }
    };
  }
}
