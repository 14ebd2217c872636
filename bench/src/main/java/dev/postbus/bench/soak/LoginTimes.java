package dev.postbus.bench.soak;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Logs in again and again, now and then with a new account, and keeps how long it takes. */
final class LoginTimes implements Loop.Step {
  private final Target target;
  private final Duration every;
  private final int perAccount;
  private final List<Account> known = new ArrayList<>();
  private final List<Double> first = new ArrayList<>();
  private final List<Double> repeated = new ArrayList<>();
  private int count;

  LoginTimes(Target target, Duration every, int perAccount) {
    this.target = target;
    this.every = every;
    this.perAccount = perAccount;
  }

  @Override
  public void run() throws IOException, InterruptedException {
    Thread.sleep(every);
    var isNew = known.isEmpty() || count++ % perAccount == 0;
    var account =
        isNew
            ? Account.fresh(target.domain())
            : known.get(ThreadLocalRandom.current().nextInt(known.size()));
    var began = System.nanoTime();
    try (var imap = ImapSession.logIn(target, account)) {
      keep(isNew ? first : repeated, (System.nanoTime() - began) / 1e6);
      imap.logOut();
    }
    if (isNew) {
      known.add(account);
    }
  }

  private synchronized void keep(List<Double> times, double millis) {
    times.add(millis);
  }

  /** Milliseconds of the first logins of accounts. */
  synchronized List<Double> first() {
    return List.copyOf(first);
  }

  /** Milliseconds of all others. */
  synchronized List<Double> repeated() {
    return List.copyOf(repeated);
  }
}
