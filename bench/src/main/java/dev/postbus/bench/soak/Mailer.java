package dev.postbus.bench.soak;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends at a steady pace, over one connection as long as it lasts. */
final class Mailer implements Loop.Step {
  private final Target target;
  private final Account account;
  private final Duration pace;
  private final Supplier<String> recipients;
  private final Ledger ledger;
  private final SealedMessage message = new SealedMessage(SoakPlan.PAYLOAD_BYTES);
  private @Nullable SmtpSession open;
  private long next;

  /**
   * A sender with an account that exists.
   *
   * @param pace from one message to the next
   * @param first when the first is due, by {@link System#nanoTime}
   */
  Mailer(
      Target target,
      Account account,
      Duration pace,
      long first,
      Supplier<String> recipients,
      Ledger ledger) {
    this.target = target;
    this.account = account;
    this.pace = pace;
    this.next = first;
    this.recipients = recipients;
    this.ledger = ledger;
  }

  @Override
  public void run() throws IOException, InterruptedException {
    var session = open;
    if (session == null) {
      session = SmtpSession.logIn(target, account);
      open = session;
    }
    Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
    // What an outage has prevented is not made up for: the relay limits what a sender may send.
    next = Math.max(next, System.nanoTime()) + pace.toNanos();
    var recipient = recipients.get();
    var id = ledger.next();
    try {
      var began = session.send(recipient, message.bytes(session.sender(), recipient, id));
      ledger.accepted(id, began);
    } catch (IOException e) {
      open = null;
      session.close();
      throw e;
    }
  }
}
