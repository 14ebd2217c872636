package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Logged-in sessions that take turns, so that none sends more often than a relay allows. */
final class Senders implements AutoCloseable {
  /** A relay with default settings takes 60 messages a minute of a sender. */
  static final Duration PAUSE = Duration.ofMillis(1050);

  private final SealedMessage message;
  private final List<SmtpSession> sessions = new ArrayList<>();
  private final BlockingQueue<Turn> free = new LinkedBlockingQueue<>();

  private record Turn(SmtpSession session, long notBefore) {}

  private Senders(SealedMessage message) {
    this.message = message;
  }

  /** Opens as many as it needs for a message every so often, each with a new account. */
  static Senders open(Target target, Duration every, int payloadBytes) throws IOException {
    var senders = new Senders(new SealedMessage(payloadBytes));
    try {
      var count = Math.max(1, Math.ceilDiv(PAUSE.toMillis(), Math.max(1, every.toMillis())));
      for (int i = 0; i < count; i++) {
        var session = SmtpSession.logIn(target, newAccount(target));
        senders.sessions.add(session);
        senders.free.add(new Turn(session, System.nanoTime()));
      }
      return senders;
    } catch (IOException e) {
      senders.close();
      throw e;
    }
  }

  /** An account that the relay has made. */
  static Account newAccount(Target target) throws IOException {
    var account = Account.fresh(target.domain());
    try (var imap = ImapSession.logIn(target, account)) {
      imap.logOut();
    }
    return account;
  }

  /**
   * Waits for a turn, and sends.
   *
   * @return when DATA was sent, by {@link System#nanoTime}
   */
  long send(String recipient) throws IOException, InterruptedException {
    var turn = free.take();
    var wait = turn.notBefore() - System.nanoTime();
    if (wait > 0) {
      Thread.sleep(Duration.ofNanos(wait));
    }
    var session = turn.session();
    var next = System.nanoTime() + PAUSE.toNanos();
    var began = session.send(recipient, message.bytes(session.sender(), recipient));
    free.add(new Turn(session, next));
    return began;
  }

  @Override
  public void close() {
    Crew.closeAll(sessions);
  }
}
