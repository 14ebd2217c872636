package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import dev.postbus.bench.soak.SteadyMail;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * From a change to its being in force, as the services report it on the bus, in milliseconds.
 *
 * @param runs changes of the configuration, and as many new certificates
 * @param mail messages a second meanwhile
 */
record ChangeTimes(StateOption state, int runs, int mail) implements Measurement {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** For what the last change set in motion to end: sessions and processes anew. */
  private static final Duration TO_SETTLE = Duration.ofSeconds(2);

  private static final int APPLIERS = 2;
  private static final int LISTENERS = 6;

  @Override
  public String name() {
    return "changes";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    if (mail == 0) {
      change(results);
      return;
    }
    try (var beside = SteadyMail.start(target, mail)) {
      change(results);
      beside.tell(results);
    }
  }

  private void change(Recorder results) throws IOException, InterruptedException {
    var ports = state.ports();
    var heard = new CopyOnWriteArrayList<Envelope<RelayEvent>>();
    try (var reader =
            EventReader.start(
                "127.0.0.1:" + ports.broker(),
                List.of(Topic.RELAY_ACTIVITY),
                Map.of(),
                heard::add);
        var changes = Changes.of(ports)) {
      reader.caughtUp().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      var config = new LinkedHashMap<String, List<Double>>();
      var certificate = new LinkedHashMap<String, List<Double>>();
      for (int i = 0; i < runs; i++) {
        Thread.sleep(TO_SETTLE);
        heard.clear();
        changes.setSize();
        collect(heard, APPLIERS, config);
        Thread.sleep(TO_SETTLE);
        heard.clear();
        changes.renew();
        collect(heard, LISTENERS, certificate);
      }
      for (var service : config.entrySet()) {
        results.series("config set to " + service.getKey(), "ms", service.getValue());
      }
      for (var listener : certificate.entrySet()) {
        results.series("new certificate to " + listener.getKey(), "ms", listener.getValue());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the bus does not answer", e);
    }
  }

  /** The last of those who answer is the change's own time. */
  private static void collect(
      List<Envelope<RelayEvent>> heard, int answers, Map<String, List<Double>> times)
      throws InterruptedException, IOException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (answersIn(heard).size() < answers) {
      if (System.nanoTime() > deadline) {
        throw new IOException("not applied by all within " + PATIENCE.toSeconds() + " s");
      }
      Thread.sleep(5);
    }
    var all = answersIn(heard);
    all.forEach((who, millis) -> times.computeIfAbsent(who, w -> new ArrayList<>()).add(millis));
    times
        .computeIfAbsent("all", w -> new ArrayList<>())
        .add(all.values().stream().mapToDouble(Double::doubleValue).max().orElse(0));
  }

  private static Map<String, Double> answersIn(List<Envelope<RelayEvent>> heard) {
    var answers = new LinkedHashMap<String, Double>();
    for (var envelope : heard) {
      if (envelope.event() instanceof RelayActivity.ConfigApplied applied) {
        answers.put(applied.service(), (double) applied.afterMillis());
      } else if (envelope.event() instanceof RelayActivity.CertApplied applied) {
        answers.put(applied.listener(), (double) applied.afterMillis());
      }
    }
    return answers;
  }
}
