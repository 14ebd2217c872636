package dev.postbus.bench.soak;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** People who send, wait, fetch and log in, all at once. */
final class Traffic implements AutoCloseable {
  /** A relay with default settings takes 60 messages a minute of a sender; this leaves some air. */
  private static final Duration PACE = Duration.ofMillis(1_300);

  private static final double TO_BUSY = 0.7;
  private static final double TO_QUIET = 0.2;
  private static final Duration TO_BEGIN = Duration.ofMinutes(1);
  private static final Duration SHORTEST_ABSENCE = Duration.ofSeconds(20);
  private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(80);
  private static final Duration LAST_ABSENCE = Duration.ofSeconds(2);

  private final Target target;
  private final SoakPlan plan;
  private final Ledger ledger;
  private final Errors errors;
  private final LoginTimes logins;
  private final List<Account> busy = new ArrayList<>();
  private final List<Account> quiet = new ArrayList<>();
  private final List<Account> offline = new ArrayList<>();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService receivers = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch lastMessages = new CountDownLatch(1);

  private Traffic(Target target, SoakPlan plan, Ledger ledger, Errors errors, LoginTimes logins) {
    this.target = target;
    this.plan = plan;
    this.ledger = ledger;
    this.errors = errors;
    this.logins = logins;
  }

  /**
   * Makes all accounts, and begins to send when all who wait are in IDLE.
   *
   * @throws IOException if an account cannot be made, or somebody does not get into IDLE
   */
  static Traffic start(
      Target target, SoakPlan plan, Ledger ledger, Errors errors, LoginTimes logins)
      throws IOException, InterruptedException {
    var traffic = new Traffic(target, plan, ledger, errors, logins);
    try {
      traffic.begin();
      return traffic;
    } catch (IOException | InterruptedException e) {
      traffic.close();
      throw e;
    }
  }

  private void begin() throws IOException, InterruptedException {
    make(plan.busy(), busy);
    make(plan.quiet(), quiet);
    make(plan.offline(), offline);
    var count = Math.max(1, Math.ceilDiv(PACE.toMillis(), plan.mailEvery().toMillis()));
    var sending = new ArrayList<Account>();
    make((int) count, sending);
    var idle = new CountDownLatch(busy.size() + quiet.size());
    for (var account : busy) {
      wait(account, idle);
    }
    for (var account : quiet) {
      wait(account, idle);
    }
    for (var account : offline) {
      var inbox = new Inbox(target, account, ledger);
      receivers.submit(new Loop("fetch", errors, () -> fetchLater(inbox)));
    }
    if (!idle.await(TO_BEGIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("%d clients do not get into IDLE".formatted(idle.getCount()));
    }
    var begin = System.nanoTime();
    for (int i = 0; i < sending.size(); i++) {
      var first = begin + i * plan.mailEvery().toNanos();
      var pace = plan.mailEvery().multipliedBy(count);
      var mailer = new Mailer(target, sending.get(i), pace, first, this::recipient, ledger);
      senders.submit(new Loop("send", errors, mailer));
    }
    senders.submit(new Loop("log in", errors, logins));
  }

  private void make(int count, List<Account> accounts) throws IOException {
    for (int i = 0; i < count; i++) {
      var account = Account.fresh(target.domain());
      try (var imap = ImapSession.logIn(target, account)) {
        imap.logOut();
      }
      accounts.add(account);
    }
  }

  private void wait(Account account, CountDownLatch idle) {
    var inbox = new Inbox(target, account, ledger);
    var told = new AtomicBoolean();
    Runnable first =
        () -> {
          if (told.compareAndSet(false, true)) {
            idle.countDown();
          }
        };
    receivers.submit(new Loop("wait in IDLE", errors, () -> inbox.stay(first)));
  }

  private void fetchLater(Inbox inbox) throws IOException, InterruptedException {
    var absence =
        ThreadLocalRandom.current()
            .nextLong(SHORTEST_ABSENCE.toMillis(), LONGEST_ABSENCE.toMillis());
    if (lastMessages.await(absence, TimeUnit.MILLISECONDS)) {
      Thread.sleep(LAST_ABSENCE);
    }
    inbox.fetch();
  }

  private String recipient() {
    var random = ThreadLocalRandom.current();
    var share = random.nextDouble();
    var group = share < TO_BUSY ? busy : share < TO_BUSY + TO_QUIET ? quiet : offline;
    return group.get(random.nextInt(group.size())).address();
  }

  /** Sends nothing more; whoever waits goes on waiting, and the others fetch more often. */
  void stopSending() {
    senders.shutdownNow();
    lastMessages.countDown();
  }

  @Override
  public void close() {
    errors.end();
    senders.shutdownNow();
    receivers.shutdownNow();
    senders.close();
    receivers.close();
  }
}
