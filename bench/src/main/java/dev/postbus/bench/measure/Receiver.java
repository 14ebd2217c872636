package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Somebody new who waits in IDLE, and gets one message after another. */
final class Receiver implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Account account;
  private final ImapSession imap;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A message on its way.
   *
   * @param latency ms from DATA to EXISTS; NaN if there was none within a minute
   * @param idle seconds that the receiver had been in IDLE at DATA
   */
  record Delivery(double latency, double idle) {
    boolean arrived() {
      return !Double.isNaN(latency);
    }
  }

  private Receiver(Account account, ImapSession imap) {
    this.account = account;
    this.imap = imap;
  }

  /** Makes the account, and begins IDLE. */
  static Receiver open(Target target) throws IOException {
    var account = Account.fresh(target.domain());
    var imap = ImapSession.logIn(target, account);
    try {
      imap.select();
      imap.idle();
      return new Receiver(account, imap);
    } catch (IOException e) {
      imap.close();
      throw e;
    }
  }

  /** Sends itself a message from somebody else, waits for the news, and begins a new IDLE. */
  Delivery deliver(Senders senders) throws IOException, InterruptedException {
    var idleSince = imap.idleSince();
    var awaited = imap.exists() + 1;
    // Listens while the message is still being taken: the news may be faster than the reply.
    var arrival = threads.submit(() -> imap.awaitExists(awaited, LONGEST));
    var began = senders.send(account.address());
    var idle = (began - idleSince) / 1e9;
    Delivery delivery;
    try {
      delivery = new Delivery(Crew.millis(Crew.result(arrival) - began), idle);
    } catch (SocketTimeoutException e) {
      delivery = new Delivery(Double.NaN, idle);
    }
    imap.done();
    imap.idle();
    return delivery;
  }

  @Override
  public void close() throws IOException {
    imap.close();
    threads.close();
  }
}
