package dev.postbus.cli;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.measure.Logins;
import dev.postbus.bench.measure.MailLatency;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.measure.Sampler;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Logins, the list of all accounts, mail and memory with more and more accounts on disk.
 *
 * @param state the stack's folder
 * @param steps how many accounts, in rising order
 * @param runs samples of each series
 * @param memory looks at the stack's processes
 */
record AccountGrowth(Path state, List<Integer> steps, int runs, Sampler memory)
    implements Measurement {
  private static final int LISTS = 5;
  private static final int AT_ONCE = 8;

  @Override
  public String name() {
    return "growth, accounts";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var model = Account.fresh(target.domain());
    logIn(target, model);
    try (var accounts = DiskAccounts.like(model, state.resolve("mailboxes"))) {
      for (var step : steps) {
        accounts.growTo(step);
        measure(target, accounts, results.within(step + " accounts: "));
      }
    }
  }

  private void measure(Target target, DiskAccounts accounts, Recorder results)
      throws IOException, InterruptedException {
    var random = new SplittableRandom(accounts.count());
    var logins = new ArrayList<Double>();
    for (int i = 0; i < runs; i++) {
      logins.add(logIn(target, accounts.account(random.nextInt(accounts.count()))));
    }
    results.series("login of an account that is there", "ms", logins);
    new Logins(Logins.Kind.FIRST, runs, AT_ONCE).run(target, results);
    var list = new AccountList(state.resolve("policy/doveauth"));
    var lists = new ArrayList<Double>();
    for (int i = 0; i < LISTS; i++) {
      var began = System.nanoTime();
      var found = list.count();
      lists.add((System.nanoTime() - began) / 1e6);
      if (found < accounts.count()) {
        throw new IOException("only %d accounts are listed".formatted(found));
      }
    }
    results.series("list of all accounts", "ms", lists);
    MailLatency.withRuns(runs).run(target, results);
    for (var reading : memory.read()) {
      results.figure(reading.name(), reading.unit(), reading.value());
    }
  }

  private static double logIn(Target target, Account account) throws IOException {
    var began = System.nanoTime();
    try (var imap = ImapSession.logIn(target, account)) {
      var took = (System.nanoTime() - began) / 1e6;
      imap.logOut();
      return took;
    }
  }
}
