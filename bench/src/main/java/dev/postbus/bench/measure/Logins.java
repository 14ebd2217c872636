package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * From connecting (TCP, then a full TLS handshake) to the answer to LOGIN, in milliseconds: one
 * after another, and several at once.
 *
 * @param kind of account
 * @param runs logins one after another, and as many again at once
 * @param atOnce at once
 */
public record Logins(Kind kind, int runs, int atOnce) implements Measurement {
  private static final int WARM_UP = 20;

  /** Of what accounts. */
  public enum Kind {
    /** New ones, which the relay makes at the login. */
    FIRST,
    /** Ones that are there. */
    REPEATED
  }

  @Override
  public String name() {
    return kind == Kind.FIRST ? "first login" : "repeated login";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      Senders.newAccount(target);
    }
    series(target, results, 1);
    series(target, results, atOnce);
  }

  private void series(Target target, Recorder results, int atOnce)
      throws IOException, InterruptedException {
    var accounts = Stream.generate(() -> Account.fresh(target.domain())).limit(runs).toList();
    if (kind == Kind.REPEATED) {
      logIn(target, accounts, 4);
    }
    var samples = Collections.synchronizedList(new ArrayList<Double>());
    var took = logIn(target, accounts, atOnce, samples);
    var how = atOnce == 1 ? ", one after another" : ", %d at once".formatted(atOnce);
    results.series(name() + how, "ms", samples);
    results.figure(name() + how + ": rate", "logins/s", runs * 1e9 / took);
  }

  private static void logIn(Target target, List<Account> accounts, int atOnce)
      throws IOException, InterruptedException {
    logIn(target, accounts, atOnce, Collections.synchronizedList(new ArrayList<>()));
  }

  private static long logIn(Target target, List<Account> accounts, int atOnce, List<Double> samples)
      throws IOException, InterruptedException {
    return Crew.run(
        atOnce,
        accounts.size(),
        i -> {
          var began = System.nanoTime();
          try (var imap = ImapSession.logIn(target, accounts.get(i))) {
            samples.add(Crew.millis(System.nanoTime() - began));
            imap.logOut();
          }
        });
  }
}
