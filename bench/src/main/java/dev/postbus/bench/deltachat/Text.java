package dev.postbus.bench.deltachat;

import dev.postbus.realclient.CoreAccount;
import dev.postbus.realclient.CoreEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A text on its way from one person to another, by the moments that the two cores told, as {@link
 * System#nanoTime}.
 *
 * @param begun when it was given to the sender's core
 * @param taken when the sender's core knew that the relay had taken it
 * @param told when the receiver's core had been told by the relay in IDLE; as {@code shown} if the
 *     core looked by itself
 * @param shown when the receiver's program could have shown it
 * @param story what both cores said meanwhile, for people
 */
record Text(long begun, long taken, long told, long shown, List<String> story) {
  private static final String TOLD = "Idle has NewData";

  /** Sends one, and waits for it on the other side. */
  static Text send(CoreAccount from, int chat, CoreAccount to)
      throws IOException, InterruptedException {
    var sender = from.events().mark();
    var receiver = to.events().mark();
    var begun = System.nanoTime();
    from.send(chat, "It is " + begun);
    var shown = to.await(receiver, "IncomingMsg").at();
    // It may be there before the relay's answer to the sender is understood.
    var taken = from.await(sender, "SmtpMessageSent").at();
    var told =
        to.events().since(receiver).stream()
            .filter(event -> event.is(to.number(), "Info") && event.text().contains(TOLD))
            .mapToLong(CoreEvent::at)
            .filter(at -> at <= shown)
            .reduce(shown, (first, last) -> last);
    var story = new ArrayList<String>();
    story.addAll(lines("sender", from, sender, begun, shown));
    story.addAll(lines("receiver", to, receiver, begun, shown));
    story.sort(null);
    return new Text(begun, taken, told, shown, story);
  }

  double millis() {
    return (shown - begun) / 1e6;
  }

  private static List<String> lines(
      String who, CoreAccount account, int mark, long begun, long until) {
    return account.events().since(mark).stream()
        .filter(event -> event.account() == account.number() && event.at() <= until)
        .map(
            event ->
                String.format(
                    Locale.ROOT,
                    "%8.1f ms %s: %s %s",
                    (event.at() - begun) / 1e6,
                    who,
                    event.kind(),
                    event.text()))
        .toList();
  }
}
