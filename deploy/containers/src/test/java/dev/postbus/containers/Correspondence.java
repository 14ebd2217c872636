package dev.postbus.containers;

import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Mail from one account of a stack to another, and what of it was accepted. */
final class Correspondence {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final Compose stack;
  private final Account sender = Account.fresh(Compose.DOMAIN);
  private final Account receiver = Account.fresh(Compose.DOMAIN);
  private final AtomicInteger accepted = new AtomicInteger();

  Correspondence(Compose stack) {
    this.stack = stack;
  }

  /** Makes both accounts. */
  void begin() throws IOException {
    ImapSession.logIn(stack.target(), receiver).close();
    ImapSession.logIn(stack.target(), sender).close();
  }

  Account account() {
    return receiver;
  }

  String receiver() {
    return receiver.address();
  }

  /** Sends one, as often as it takes to have it accepted. */
  void send() {
    await().atMost(LONG).ignoreExceptions().until(this::sendOnce);
  }

  /**
   * Sends one.
   *
   * @throws IOException if it was not accepted, with the answer
   */
  boolean sendOnce() throws IOException {
    var message = new SealedMessage(1000);
    try (var smtp = SmtpSession.logIn(stack.target(), sender)) {
      smtp.send(receiver.address(), message.bytes(sender.address(), receiver.address()));
    }
    accepted.incrementAndGet();
    return true;
  }

  /** What was accepted so far. */
  int accepted() {
    return accepted.get();
  }

  /** Waits until all that was accepted is in the mailbox. */
  void awaitAll() {
    // A message whose acceptance a kill kept from being told comes twice.
    await().atMost(LONG).ignoreExceptions().until(() -> arrived() >= accepted.get());
  }

  /** What is in the mailbox. */
  int arrived() throws IOException {
    try (var imap = ImapSession.logIn(stack.target(), receiver)) {
      imap.select();
      return imap.countMessages();
    }
  }
}
