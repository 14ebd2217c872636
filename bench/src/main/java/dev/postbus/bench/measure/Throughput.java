package dev.postbus.bench.measure;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import dev.postbus.bench.results.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages a second through the whole relay, over several connections that send at once. Each
 * connection is replaced by one of another sender before a sender has sent too much; the new
 * sessions are opened beforehand, outside the measured time.
 *
 * @param messages altogether
 * @param connections that send at once
 * @param perSender messages of each sender, as many as the relay takes in one go
 * @param receivers that get them in turn
 * @param payloadBytes size of the sealed data in a message
 */
public record Throughput(
    int messages, int connections, int perSender, int receivers, int payloadBytes)
    implements Measurement {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** 1000 messages of 3 KB over 4 connections to 10 receivers. */
  public static Throughput standard() {
    return new Throughput(1_000, 4, 10, 10, 3_000);
  }

  @Override
  public String name() {
    return "throughput, %s, %d connections".formatted(Sizes.text(payloadBytes), connections);
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var message = new SealedMessage(payloadBytes);
    var inboxes = new ArrayList<ImapSession>();
    var sessions = new ArrayList<SmtpSession>();
    try {
      var addresses = new ArrayList<String>();
      for (int i = 0; i < receivers; i++) {
        var account = Account.fresh(target.domain());
        addresses.add(account.address());
        inboxes.add(ImapSession.logIn(target, account));
      }
      for (int i = 0; i < Math.ceilDiv(messages, perSender); i++) {
        sessions.add(SmtpSession.logIn(target, Senders.newAccount(target)));
      }
      var began = System.nanoTime();
      var taken =
          Crew.run(
              connections,
              sessions.size(),
              s -> {
                var session = sessions.get(s);
                for (int i = s * perSender; i < Math.min(messages, (s + 1) * perSender); i++) {
                  var to = addresses.get(i % receivers);
                  session.send(to, message.bytes(session.sender(), to));
                }
              });
      var last = awaitAll(inboxes, began);
      results.figure(name() + ": taken", "messages/s", messages * 1e9 / taken);
      results.figure(name() + ": arrived", "messages/s", messages * 1e9 / (last - began));
    } finally {
      Crew.closeAll(sessions);
      Crew.closeAll(inboxes);
    }
  }

  /** Looks into the inboxes only when all is sent, so as not to compete with the deliveries. */
  private long awaitAll(List<ImapSession> inboxes, long began)
      throws IOException, InterruptedException {
    for (int i = 0; i < inboxes.size(); i++) {
      var expected = messages / receivers + (i < messages % receivers ? 1 : 0);
      while (inboxes.get(i).countMessages() < expected) {
        if (System.nanoTime() - began > LONGEST.toNanos()) {
          throw new IOException("not all messages arrived in " + LONGEST);
        }
        Thread.sleep(BETWEEN_LOOKS);
      }
    }
    return System.nanoTime();
  }
}
