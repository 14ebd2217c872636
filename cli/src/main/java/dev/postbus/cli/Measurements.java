package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.deltachat.RealClient;
import dev.postbus.bench.measure.ExpiryDryRuns;
import dev.postbus.bench.measure.IdleConnections;
import dev.postbus.bench.measure.Logins;
import dev.postbus.bench.measure.MailLatency;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.OutOfHibernation;
import dev.postbus.bench.measure.PassdbLookups;
import dev.postbus.bench.measure.RandomGaps;
import dev.postbus.bench.measure.Sampler;
import dev.postbus.bench.measure.Throughput;
import dev.postbus.bench.measure.WebRequests;
import dev.postbus.bench.results.Recorder;
import dev.postbus.bench.soak.Soak;
import dev.postbus.bench.soak.SoakPlan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that can be measured. A new measurement is a line in {@link #ALL}, and its help with it. */
final class Measurements {
  private static final List<Entry> ALL =
      List.of(
          usual(
              "mail",
              request -> MailLatency.withRuns(request.runs()),
              "DATA to EXISTS at a client in IDLE"),
          anywhere(
              "hibernation",
              request ->
                  OutOfHibernation.withReceivers(
                      Math.min(request.runs(), request.options().clients())),
              "the same after 33 s of silence, 50 clients"),
          anywhere(
              "gaps",
              request -> RandomGaps.of(request.options().clients(), request.options().deliveries()),
              "the same at random gaps of 0 to 40 s; counts what is late by 1 s"),
          usual(
              "logins",
              Measurements::logins,
              "first and repeated logins, one after another and 8 at once"),
          usual("throughput", request -> Throughput.standard(), "1000 messages over 4 connections"),
          usual("web", Measurements::web, "the start page and POST /new"),
          here(
              "web-load",
              request -> new WebUnderChanges(request.state(), 500, Math.min(request.runs(), 20)),
              "Debian's wrk with 500 connections at pages and POST /new, while",
              "configuration and certificate change"),
          anywhere(
              "deltachat",
              request -> RealClient.withRuns(cache("deltachat"), Math.min(request.runs(), 40)),
              "Delta Chat's own core, which npm fetches: configure, secure-join,",
              "a text one way and where its time goes, also out of hibernation;",
              "6 minutes"),
          anywhere(
              "idle",
              Measurements::idle,
              "memory, descriptors, processor time with --clients clients in",
              "IDLE; of another relay, only how many connections stay"),
          here(
              "filter",
              request -> new FilterTimes(request.state(), request.runs()),
              "the filter of outgoing mail at its own port, with Postfix behind",
              "it and alone: 3 KB, 100 KB and 5 MB over 1 and 8 connections,",
              "and its memory"),
          here(
              "growth",
              request ->
                  new Growth(
                      request.state(),
                      request.options().parts(),
                      request.options().upTo(),
                      Math.min(request.runs(), 30)),
              "logins, lists, mail and memory with 10 to 100000 accounts;",
              "memory with 1 to 5000 clients in IDLE; starts, memory and disk",
              "with 1000 to 1000000 events on the bus of a second stack;",
              "--part and --up-to make it shorter"),
          here(
              "passdb",
              request ->
                  new PassdbLookups(request.state().folder().resolve("policy/doveauth"), 20_000),
              "lookups of existing accounts over the dict socket"),
          here(
              "expiry",
              request ->
                  new ExpiryDryRuns(
                      request.state().folder().resolve("mailboxes"),
                      URI.create("http://127.0.0.1:" + request.state().ports().mail()),
                      10_000,
                      Math.min(request.runs(), 10)),
              "dry run over 10000 mailboxes, made for it"),
          usualHere(
              "memory",
              request -> new StackMemory(request.processes()),
              "proportional set size of all processes by group"),
          usualHere(
              "changes",
              request -> new ChangeTimes(request.state(), request.runs(), request.options().mail()),
              "config set and cert renew, until applied by all; with --mail N",
              "also how the mail beside them fares"),
          here(
              "foreign",
              request -> new ForeignTimes(request.state(), request.runs()),
              "certificates replaced in a foreign manager's folder, until each",
              "listener serves the new one; handshakes that fail"),
          here(
              "start",
              request -> new StartTimes(request.state().folder(), Math.min(request.runs(), 10)),
              "up to the first login, after down and after kill -9 of all;",
              "the stack is stopped for it"),
          here(
              "soak",
              Measurements::soak,
              "--minutes of mail, logins, changes and kills: what is lost or",
              "late; where memory, descriptors, threads and disk go; samples",
              "and chart as .csv and .svg beside the report"));

  private Measurements() {}

  /**
   * What a measurement is made for.
   *
   * @param state which stack, if it is one of this machine
   * @param ownStack whether it is
   */
  record Request(StateOption state, boolean ownStack, BenchOptions options) {
    int runs() {
      return options.runs();
    }

    StackProcesses processes() {
      return new StackProcesses(state.folder());
    }
  }

  /** Makes a measurement. */
  @FunctionalInterface
  interface Factory {
    Measurement make(Request request);
  }

  /**
   * A measurement by its name.
   *
   * @param description lines for the help
   * @param usual whether it is made when none is named
   * @param ownStackOnly whether it needs to look at processes or to stop them
   */
  record Entry(
      String name,
      List<String> description,
      boolean usual,
      boolean ownStackOnly,
      Factory factory) {}

  private static Entry usual(String name, Factory factory, String... description) {
    return new Entry(name, List.of(description), true, false, factory);
  }

  private static Entry anywhere(String name, Factory factory, String... description) {
    return new Entry(name, List.of(description), false, false, factory);
  }

  private static Entry usualHere(String name, Factory factory, String... description) {
    return new Entry(name, List.of(description), true, true, factory);
  }

  private static Entry here(String name, Factory factory, String... description) {
    return new Entry(name, List.of(description), false, true, factory);
  }

  /** Those of these names, or the usual ones if there are no names. */
  static List<Measurement> chosen(List<String> names, Request request) {
    var known = ALL.stream().filter(entry -> request.ownStack() || !entry.ownStackOnly()).toList();
    if (names.isEmpty()) {
      return known.stream()
          .filter(Entry::usual)
          .map(entry -> entry.factory().make(request))
          .toList();
    }
    var measurements = new ArrayList<Measurement>();
    for (var name : names) {
      var entry =
          known.stream()
              .filter(one -> one.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new Failure(
                          "'%s' cannot be measured; there are %s"
                              .formatted(name, known.stream().map(Entry::name).toList())));
      measurements.add(entry.factory().make(request));
    }
    return measurements;
  }

  /** The help's part about them. */
  static List<String> help() {
    var lines =
        new ArrayList<>(List.of("", "WHAT is one or more of (own stack: not with --target):"));
    for (var entry : ALL) {
      var name = entry.name();
      var last = entry.description().size() - 1;
      for (int i = 0; i <= last; i++) {
        lines.add(
            "  %-12s %s%s"
                .formatted(
                    i == 0 ? name : "",
                    entry.description().get(i),
                    entry.ownStackOnly() && i == last ? " (own stack)" : ""));
      }
    }
    lines.add("A machine with a high load makes no accounts: see max_load_1m in config show.");
    lines.add("Without WHAT: " + names(false) + "; own stack: also " + names(true) + ".");
    return lines;
  }

  private static String names(boolean ownStackOnly) {
    return String.join(
        ", ",
        ALL.stream()
            .filter(entry -> entry.usual() && entry.ownStackOnly() == ownStackOnly)
            .map(Entry::name)
            .toList());
  }

  private static Measurement logins(Request request) {
    return both(
        new Logins(Logins.Kind.FIRST, request.runs(), 8),
        new Logins(Logins.Kind.REPEATED, request.runs(), 8));
  }

  private static Measurement web(Request request) {
    return both(WebRequests.page("/", request.runs()), WebRequests.newAccounts(request.runs()));
  }

  private static Measurement idle(Request request) {
    var processes = request.processes();
    return new IdleConnections(
        request.options().clients(),
        50,
        Duration.ofSeconds(40),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        request.ownStack()
            ? Sampler.of(
                ByGroup.memory(processes),
                ByGroup.descriptors(processes),
                new ProcessorTime(processes))
            : List::of);
  }

  private static Measurement soak(Request request) {
    var length = request.options().length();
    var processes = request.processes();
    var sampler =
        Sampler.of(
            ByGroup.memory(processes),
            ByGroup.descriptors(processes),
            ByGroup.threads(processes),
            new ProcessorTime(processes),
            new DiskUse(request.state().folder()));
    return request.options().light()
        ? new Soak(SoakPlan.light(length), sampler, List.of(), List.of())
        : new Soak(
            SoakPlan.full(length),
            sampler,
            Disturbances.changes(request.state()),
            Disturbances.kills(request.state()));
  }

  private static Path cache(String name) {
    return StateOption.home().resolve("target").resolve(name);
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
