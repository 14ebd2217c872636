package dev.postbus.bench.soak;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.ToLongFunction;

/** Fetches the mail of an account, and deletes what it has. For one thread. */
final class Inbox {
  /** Then a mail program looks for itself. */
  private static final Duration LONGEST_IDLE = Duration.ofMinutes(5);

  private final Target target;
  private final Account account;
  private final Ledger ledger;
  private long lastUid;

  Inbox(Target target, Account account, Ledger ledger) {
    this.target = target;
    this.account = account;
    this.ledger = ledger;
  }

  /** Logs in, takes what is there, and goes. */
  void fetch() throws IOException {
    try (var imap = ImapSession.logIn(target, account)) {
      imap.select();
      take(imap, letter -> Ledger.NOT_AWAITED);
      imap.logOut();
    }
  }

  /**
   * Logs in, and waits for mail in IDLE until the connection breaks.
   *
   * @param waiting is run at the beginning of each IDLE
   */
  void stay(Runnable waiting) throws IOException {
    try (var imap = ImapSession.logIn(target, account)) {
      imap.select();
      take(imap, letter -> System.nanoTime());
      while (!Thread.currentThread().isInterrupted()) {
        imap.idle();
        waiting.run();
        int announced = 0;
        long at = 0;
        try {
          at = imap.awaitExists(1, LONGEST_IDLE);
          announced = imap.exists();
        } catch (SocketTimeoutException nothing) {
          // Nobody told of anything: what is there nevertheless is told of by the fetch.
          announced = 0;
        }
        var told = at;
        var until = announced;
        imap.done();
        take(imap, letter -> letter.number() <= until ? told : System.nanoTime());
      }
    }
  }

  private void take(ImapSession imap, ToLongFunction<ImapSession.Letter> told) throws IOException {
    var letters = imap.letters();
    for (var letter : letters) {
      // A connection may have broken between fetching and deleting: that is no second message.
      if (letter.uid() > lastUid) {
        lastUid = letter.uid();
        ledger.arrived((int) letter.id(), told.applyAsLong(letter));
      }
    }
    if (!letters.isEmpty()) {
      imap.delete(letters.getLast().uid());
    }
  }
}
