package dev.postbus.bench.deltachat;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import dev.postbus.bench.measure.Measurement;
import dev.postbus.bench.results.Recorder;
import dev.postbus.realclient.Core;
import dev.postbus.realclient.CoreAccount;
import dev.postbus.realclient.CoreProgram;
import dev.postbus.realclient.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/**
 * Delta Chat's own core: how long it takes to configure an account, to become acquainted by a QR
 * code, and from giving a text to one core until another could show it. Two cores, as on two
 * devices: one person sends, several others wait in IDLE.
 *
 * @param cache folder that keeps the core's program
 * @param receivers people who wait
 * @param runs texts of each rhythm
 * @param late milliseconds from when on all that the cores said is worth a remark
 */
public record RealClient(Path cache, int receivers, int runs, int late) implements Measurement {
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration PACE = Duration.ofMillis(1_100);
  // Longer than the relay keeps a quiet client's process, which is 30 s.
  private static final Duration HIBERNATED = Duration.ofSeconds(35);
  private static final int SHORTEST_PAUSE = 1_000;
  private static final int LONGEST_PAUSE = 5_000;
  private static final int WARM_UP = 3;

  /** Eight receivers, so that as many hibernated ones can be told in a row. */
  public static RealClient withRuns(Path cache, int runs) {
    return new RealClient(cache, 8, runs, 300);
  }

  /** Before each text: which pause is made. */
  @FunctionalInterface
  private interface Rhythm {
    Duration before(int text);
  }

  private record Friend(CoreAccount account, int chat) {}

  @Override
  public String name() {
    return "Delta Chat";
  }

  @Override
  public void run(Target target, Recorder results) throws IOException, InterruptedException {
    var program = List.of(CoreProgram.here(cache).file().toString());
    try (var one = Core.start(program);
        var other = Core.start(program)) {
      var configured = new ArrayList<Double>();
      var sender = open(one, target, configured);
      var friends = new ArrayList<Friend>();
      var joined = new ArrayList<Double>();
      for (int i = 0; i < receivers; i++) {
        var friend = open(other, target, configured);
        var began = System.nanoTime();
        friends.add(new Friend(friend, sender.join(friend)));
        joined.add((System.nanoTime() - began) / 1e6);
        // Whoever has just sent several messages sends the next ones only once a second.
        Thread.sleep(SETTLE);
      }
      results.series(name() + ": configure", "ms", configured);
      results.series(name() + ": secure-join", "ms", joined);
      for (int i = 0; i < WARM_UP; i++) {
        Text.send(sender, friends.getFirst().chat(), friends.getFirst().account());
        Thread.sleep(PACE);
      }
      var random = new SplittableRandom(1);
      var first = friends.subList(0, 1);
      texts("every 1.1 s", sender, first, text -> PACE, results);
      texts(
          "after 1 to 5 s",
          sender,
          first,
          text -> Duration.ofMillis(random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE)),
          results);
      // One wait for all of them: whoever has a later turn has only been quiet for longer.
      texts(
          "hibernated",
          sender,
          friends,
          text -> text % receivers == 0 ? HIBERNATED : PACE,
          results);
    }
  }

  private static CoreAccount open(Core core, Target target, List<Double> configured)
      throws IOException, InterruptedException {
    var began = System.nanoTime();
    var account = CoreAccount.open(core, login(target));
    configured.add((System.nanoTime() - began) / 1e6);
    account.awaitIdle();
    return account;
  }

  private static Login login(Target target) {
    var account = Account.fresh(target.domain());
    return new Login(
        account.address(), account.password(), target.host(), target.imaps(), target.submissions());
  }

  private void texts(
      String how, CoreAccount sender, List<Friend> friends, Rhythm rhythm, Recorder results)
      throws IOException, InterruptedException {
    var texts = new ArrayList<Text>();
    var what = name() + ", text one way " + how;
    try {
      for (int i = 0; i < runs; i++) {
        Thread.sleep(rhythm.before(i));
        var friend = friends.get(i % friends.size());
        var text = Text.send(sender, friend.chat(), friend.account());
        texts.add(text);
        if (text.millis() > late) {
          results.remark("%s: text %d%n%s".formatted(what, i, String.join("\n", text.story())));
        }
      }
    } finally {
      record(what, texts, results);
    }
  }

  private static void record(String what, List<Text> texts, Recorder results) throws IOException {
    results.series(what, "ms", texts.stream().map(Text::millis).toList());
    results.series(
        what + ": until the relay has taken it", "ms", spans(texts, Text::begun, Text::taken));
    results.series(
        what + ": from there until the receiver is told",
        "ms",
        spans(texts, Text::taken, Text::told));
    results.series(
        what + ": from there until it is shown", "ms", spans(texts, Text::told, Text::shown));
  }

  private static List<Double> spans(
      List<Text> texts, ToLongFunction<Text> from, ToLongFunction<Text> to) {
    return texts.stream()
        .map(text -> (to.applyAsLong(text) - from.applyAsLong(text)) / 1e6)
        .toList();
  }
}
