package dev.postbus.bench.soak;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.Sampler;
import dev.postbus.bench.measure.Sampler.Reading;
import dev.postbus.bench.results.Recorder;
import dev.postbus.bench.results.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A long run: mail, logins, changes and kills at once, while a sampler looks at the relay. Errors
 * are counted and never end it. Beside the report it writes all samples and a chart.
 *
 * @param plan how much, how often
 * @param sampler looks at memory, descriptors, threads, processor time and disk
 * @param changes done in turns while mail flows
 * @param kills done in turns while mail flows, each at the expense of the relay
 */
public record Soak(
    SoakPlan plan, Sampler sampler, List<Disturbance> changes, List<Disturbance> kills)
    implements Measurement {
  /** Postfix tries again after five minutes what it could not hand over. */
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(12);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final int TRIES = 10;
  private static final Duration BETWEEN_SAVES = Duration.ofMinutes(1);

  /** Copies the lists. */
  public Soak {
    changes = List.copyOf(changes);
    kills = List.copyOf(kills);
  }

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var killed = new Kills();
    var errors = new Errors(killed);
    var ledger = new Ledger();
    var logins = new LoginTimes(target, plan.loginEvery(), plan.loginsPerAccount());
    var samples = Samples.into(results.beside(".csv"));
    try (var traffic = Traffic.start(target, plan, ledger, errors, logins)) {
      var began = System.nanoTime();
      var schedule = new Schedule(began + plan.length().toNanos(), killed, errors);
      var findings =
          new Findings(name(), began, plan, ledger, killed, errors, logins, schedule, samples);
      try (schedule) {
        schedule.changes(changes, plan.changeEvery());
        schedule.kills(kills, plan.killEvery());
        watch(findings, results);
        schedule.await();
        traffic.stopSending();
        drain(ledger);
      } finally {
        finish(findings, results);
      }
    }
  }

  private void watch(Findings findings, Recorder results) throws IOException, InterruptedException {
    var end = findings.began() + plan.length().toNanos();
    var nextSave = findings.began() + BETWEEN_SAVES.toNanos();
    sampler.read();
    for (var next = findings.began() + plan.sampleEvery().toNanos();
        next <= end;
        next += plan.sampleEvery().toNanos()) {
      Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
      var readings = new ArrayList<Reading>();
      try {
        readings.addAll(sampler.read());
      } catch (IOException | RuntimeException e) {
        // A process may end while it is looked at; the next sample will do.
        findings.errors().add("sample", e, System.nanoTime());
      }
      readings.addAll(latency(findings.ledger().recent()));
      findings.samples().add((System.nanoTime() - findings.began()) / 1e9, readings);
      if (System.nanoTime() >= nextSave) {
        nextSave += BETWEEN_SAVES.toNanos();
        results.soFar(findings.series(), findings.figures());
        draw(findings, results);
      }
    }
  }

  private static List<Reading> latency(List<Ledger.Delivery> recent) {
    if (recent.isEmpty()) {
      return List.of();
    }
    var series = new Series("latency", "ms", recent.stream().map(Ledger.Delivery::millis).toList());
    return List.of(
        new Reading("latency", "median", "ms", series.median()),
        new Reading("latency", "largest", "ms", series.max()));
  }

  private static void drain(Ledger ledger) throws InterruptedException {
    var end = System.nanoTime() + LONGEST_DRAIN.toNanos();
    while (!ledger.missing().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  /** Takes back what was changed; what was found is saved even if that is cut short. */
  private void finish(Findings findings, Recorder results)
      throws IOException, InterruptedException {
    try {
      for (var one : changes) {
        takeBack(one, findings.errors());
      }
    } finally {
      draw(findings, results);
      results.found(findings.series(), findings.figures(), findings.remarks());
    }
  }

  /** Tries more than once, as what was killed last may still be starting. */
  private static void takeBack(Disturbance one, Errors errors) throws InterruptedException {
    for (int left = TRIES - 1; left >= 0; left--) {
      try {
        one.close();
        return;
      } catch (IOException | RuntimeException e) {
        if (left == 0) {
          errors.add(one.name() + ", taking it back", e, System.nanoTime());
          return;
        }
      }
      Thread.sleep(BETWEEN_TRIES);
    }
  }

  private void draw(Findings findings, Recorder results) throws IOException {
    var moments =
        findings.kills().moments().stream().map(at -> (at - findings.began()) / 1e9).toList();
    var chart =
        Picture.of(
            "Soak, %d min".formatted(plan.length().toMinutes()),
            findings.samples(),
            plan.length().toMillis() / 1e3,
            moments);
    Files.writeString(results.beside(".svg"), chart.svg());
  }
}
