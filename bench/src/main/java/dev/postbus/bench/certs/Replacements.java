package dev.postbus.bench.certs;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the last rename in a foreign manager's folder to the new certificate at each listener, by
 * handshakes from outside; and how handshakes and clients in IDLE fare meanwhile.
 *
 * @param kept the files that the relay takes its certificate from
 * @param runs replacements
 * @param work an empty folder to make certificates in
 */
public record Replacements(KeptPair kept, int runs, Path work) implements Measurement {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // Oftener, the handshakes themselves would be what the relay is busy with.
  private static final Duration BETWEEN_HANDSHAKES = Duration.ofMillis(30);
  private static final Duration BETWEEN_RUNS = Duration.ofMillis(1200);
  private static final int IDLING = 20;

  @Override
  public String name() {
    return "foreign";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var pairs = new ArrayList<MadePair>();
    var maker = new MadePair.Maker(Files.createDirectories(work));
    for (int i = 0; i <= runs; i++) {
      pairs.add(maker.pair(target.domain()));
    }
    var listeners = Listener.of(target);
    var sessions = new ArrayList<ImapSession>();
    try (var handshakes = Handshakes.with(listeners, BETWEEN_HANDSHAKES)) {
      kept.replace(pairs.getFirst());
      handshakes.await(pairs.getFirst().fingerprint(), PATIENCE);
      idle(target, sessions);
      var failedBefore = handshakes.failures().size();
      var times = new LinkedHashMap<String, List<Double>>();
      var back = 0;
      for (var pair : pairs.subList(1, pairs.size())) {
        var renamed = kept.replace(pair);
        handshakes.await(pair.fingerprint(), PATIENCE);
        back += collect(handshakes, pair, renamed, times);
        Thread.sleep(BETWEEN_RUNS);
      }
      for (var one : times.entrySet()) {
        results.series("replaced certificate at " + one.getKey(), "ms", one.getValue());
      }
      var failures = handshakes.failures().subList(failedBefore, handshakes.failures().size());
      results.figure("handshakes meanwhile", "", (double) handshakes.made());
      results.figure("of them failed", "", failures.size());
      results.figure("of them got the former certificate after a newer one", "", back);
      results.figure("clients in IDLE that were dropped", "of " + IDLING, dropped(sessions));
      for (var failure : failures.subList(0, Math.min(5, failures.size()))) {
        results.remark(failure);
      }
    } finally {
      for (var session : sessions) {
        session.close();
      }
    }
  }

  /** How often a listener went back to the certificate before is counted beside the times. */
  private static int collect(
      Handshakes handshakes, MadePair pair, long renamed, Map<String, List<Double>> times) {
    var first = new LinkedHashMap<String, Double>();
    var back = 0;
    for (var seen : handshakes.changes()) {
      var who = seen.listener().name();
      if (seen.fingerprint().equals(pair.fingerprint())) {
        first.putIfAbsent(who, (seen.nanos() - renamed) / 1e6);
      } else if (first.containsKey(who)) {
        back++;
      }
    }
    first.forEach((who, millis) -> times.computeIfAbsent(who, w -> new ArrayList<>()).add(millis));
    times
        .computeIfAbsent("all six", who -> new ArrayList<>())
        .add(first.values().stream().mapToDouble(Double::doubleValue).max().orElse(0));
    return back;
  }

  private static void idle(Target target, List<ImapSession> sessions) throws IOException {
    var account = Account.fresh(target.domain());
    for (int i = 0; i < IDLING; i++) {
      var session = ImapSession.logIn(target, account);
      sessions.add(session);
      session.select();
      session.idle();
    }
  }

  private static int dropped(List<ImapSession> sessions) {
    var dropped = 0;
    for (var session : sessions) {
      try {
        session.done();
      } catch (IOException gone) {
        dropped++;
      }
    }
    return dropped;
  }
}
