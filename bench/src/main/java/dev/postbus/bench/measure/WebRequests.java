package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * From a request over HTTPS to the end of its answer, in milliseconds, on connections that are
 * open: one after another, and over several connections at once.
 *
 * @param method of HTTP
 * @param path from the first slash on
 * @param runs requests one after another, and as many again at once
 * @param atOnce connections
 * @param perClient requests of each connection, before a new one is made; it takes part in the rate
 */
public record WebRequests(String method, String path, int runs, int atOnce, int perClient)
    implements Measurement {
  private static final int WARM_UP = 200;

  /** Offers of new accounts, 15 to each client: of one address a relay takes few. */
  public static WebRequests newAccounts(int runs) {
    return new WebRequests("POST", "/new", runs, 8, 15);
  }

  /** A page. */
  public static WebRequests page(String path, int runs) {
    return new WebRequests("GET", path, runs, 8, 900);
  }

  @Override
  public String name() {
    return method + " " + path;
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    try (var web = new Web(target, perClient)) {
      for (int i = 0; i < WARM_UP; i++) {
        web.ask(method, path);
      }
    }
    series(target, results, 1);
    series(target, results, atOnce);
  }

  private void series(Target target, Recorder results, int connections)
      throws IOException, InterruptedException {
    var samples = Collections.synchronizedList(new ArrayList<Double>());
    var refused = new AtomicInteger();
    BlockingQueue<Web> free = new LinkedBlockingQueue<>();
    long took;
    try {
      for (int i = 0; i < connections; i++) {
        var web = new Web(target, perClient);
        web.prepare();
        free.add(web);
      }
      took =
          Crew.run(
              connections,
              runs,
              i -> {
                var web = free.take();
                web.prepare();
                var began = System.nanoTime();
                if (web.ask(method, path) == 200) {
                  samples.add(Crew.millis(System.nanoTime() - began));
                } else {
                  refused.incrementAndGet();
                }
                free.add(web);
              });
    } finally {
      Crew.closeAll(new ArrayList<>(free));
    }
    var how = connections == 1 ? ", one after another" : ", %d at once".formatted(connections);
    results.series(name() + how, "ms", samples);
    results.figure(name() + how + ": rate", "requests/s", samples.size() * 1e9 / took);
    if (refused.get() > 0) {
      results.figure(name() + how + ": not answered with 200", "requests", refused.get());
    }
  }
}
