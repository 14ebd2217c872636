package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What many clients in IDLE cost the relay, by the readings of a sampler while they all wait.
 *
 * @param connections at the same time
 * @param perAccount connections to each account; relays allow 100 or fewer of one address
 * @param settle wait after the last connection, before the first reading
 * @param hold how long to look
 * @param every from one reading to the next
 * @param sampler looks at the relay
 */
public record IdleConnections(
    int connections,
    int perAccount,
    Duration settle,
    Duration hold,
    Duration every,
    Sampler sampler)
    implements Measurement {

  @Override
  public String name() {
    return "%d idle connections".formatted(connections);
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var accounts = new ArrayList<Account>();
    for (int i = 0; i < Math.ceilDiv(connections, perAccount); i++) {
      accounts.add(Senders.newAccount(target));
    }
    var sessions = Collections.synchronizedList(new ArrayList<ImapSession>());
    try {
      var took =
          Crew.run(
              8,
              connections,
              i -> {
                var imap = ImapSession.logIn(target, accounts.get(i / perAccount));
                sessions.add(imap);
                imap.select();
                imap.idle();
              });
      results.figure(name() + ": opened", "connections/s", connections * 1e9 / took);
      Thread.sleep(settle);
      look(results);
      results.figure(name() + ": still there", "connections", answering(sessions));
    } finally {
      Crew.closeAll(sessions);
    }
  }

  private void look(Recorder results) throws IOException, InterruptedException {
    Map<String, List<Sampler.Reading>> readings = new LinkedHashMap<>();
    sampler.read();
    for (var left = hold; left.isPositive(); left = left.minus(every)) {
      Thread.sleep(every);
      for (var reading : sampler.read()) {
        readings.computeIfAbsent(reading.name(), name -> new ArrayList<>()).add(reading);
      }
    }
    for (var series : readings.entrySet()) {
      results.series(
          name() + ": " + series.getKey(),
          series.getValue().getFirst().unit(),
          series.getValue().stream().map(Sampler.Reading::value).toList());
    }
  }

  /** Ends every IDLE, after all readings: whoever answers was really there. */
  private static int answering(List<ImapSession> sessions)
      throws InterruptedException, IOException {
    var answered = Collections.synchronizedList(new ArrayList<Integer>());
    Crew.run(
        8,
        sessions.size(),
        i -> {
          try {
            sessions.get(i).done();
            answered.add(i);
          } catch (IOException gone) {
            // Counts as not there.
            return;
          }
        });
    return answered.size();
  }
}
