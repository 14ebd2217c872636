package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.audit.BusLog;
import dev.postbus.audit.StateReplay;
import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.events.RelayState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Changes, faults and restarts of a real relay, as a seed has them. After each, what is replayed
 * from the log is what services, processes and listeners say; at the end, the replay of each moment
 * is what they said then.
 */
final class RandomHistory {
  /** Somebody else has it, so that mail-policy cannot. */
  private static final int TAKEN = 11_444;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final List<String> DAEMONS =
      List.of(
          "mail-supervisor/dovecot",
          "mail-supervisor/postfix",
          "mail-supervisor/opendkim",
          "mail-supervisor/unbound",
          "mail-supervisor/mail-policy",
          "web-service/nginx");

  private final Cli cli;
  private final StackPorts ports;
  private final Random random;
  private final List<String> done = new ArrayList<>();
  private final List<Moment> moments = new ArrayList<>();
  private boolean rejected;

  /** What the relay was like when. */
  record Moment(Instant time, RelayView view) {}

  RandomHistory(Cli cli, int offset, long seed) {
    this.cli = cli;
    this.ports = new StackPorts(offset, Shape.SEPARATE);
    this.random = new Random(seed);
  }

  /** What was done so far, in words. */
  List<String> done() {
    return List.copyOf(done);
  }

  /** What was seen after each step. */
  List<Moment> moments() {
    return List.copyOf(moments);
  }

  /** Waits until the relay is quiet, and looks at it for the first time. */
  void begin() {
    settle(RelayView::settled);
  }

  /** Does one thing, waits until the relay is quiet, and compares. */
  void step() throws Exception {
    switch (random.nextInt(8)) {
      case 0, 1 -> change();
      case 2 -> refusedChange();
      case 3 -> renewal();
      case 4 -> killed("daemon", DAEMONS.get(random.nextInt(DAEMONS.size())));
      case 5 -> killed("service", "local-stack/" + anyService());
      case 6 -> killedInChange();
      default -> rollback();
    }
  }

  /** What was seen then is what is replayed of those times now. */
  void compareWithTheLog() throws IOException {
    var replayed = replay(moments.stream().map(Moment::time).toList());
    for (int i = 0; i < moments.size(); i++) {
      assertThat(RelayView.replayed(replayed.get(i)))
          .as("after %s", done.subList(0, i))
          .isEqualTo(moments.get(i).view());
    }
  }

  private RelayView last() {
    return moments.getLast().view();
  }

  private void change() throws IOException {
    done.add("change");
    assertThat(set("privacy_postal", "Street " + random.nextInt(1_000_000))).isEqualTo(200);
    settleAfter(1);
  }

  private void refusedChange() throws Exception {
    if (rejected || random.nextBoolean()) {
      done.add("change that is not valid");
      assertThat(set("max_message_size", "many")).isEqualTo(422);
      settleAfter(0);
      return;
    }
    rejected = true;
    done.add("change that a daemon refuses");
    try (var somebody =
        new ServerSocket(TAKEN + ports.offset(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(somebody.isBound()).isTrue();
      assertThat(set("filtermail_smtp_port", "" + TAKEN)).isEqualTo(200);
      settleAfter(2);
    }
  }

  private void renewal() throws IOException {
    done.add("renewal");
    assertThat(renew()).isEqualTo(200);
    var before = last();
    settle(now -> now.generation() == before.generation() + 1);
  }

  private void rollback() throws IOException {
    var before = last();
    var to = Math.max(1, before.version() - 1 - random.nextInt(3));
    done.add("back to version " + to);
    assertThat(post(ports.config(), "/config/versions/" + to + "/rollback")).isEqualTo(200);
    // What says the same is no new version.
    settle(now -> now.version() >= before.version());
  }

  private void killed(String what, String process) {
    done.add("kill of " + what + " " + process);
    var pid = kill(process);
    settle(now -> now.pidOf(process) != pid);
  }

  /** Whatever becomes of the change: it is the same everywhere. */
  private void killedInChange() throws Exception {
    var process = "local-stack/" + anyService();
    var certificate = random.nextBoolean();
    done.add("kill of " + process + " in a " + (certificate ? "renewal" : "change"));
    var delay = Duration.ofMillis(random.nextInt(150));
    var killer =
        Thread.ofVirtual()
            .start(
                () -> {
                  pause(delay);
                  kill(process);
                });
    var pid = last().pidOf(process);
    try {
      if (certificate) {
        renew();
      } else {
        set("max_message_size", "" + (20_000_000 + random.nextInt(1_000_000)));
      }
    } catch (IOException killedMeanwhile) {
      done.set(done.size() - 1, done.getLast() + " that was not answered");
    }
    killer.join();
    settle(now -> now.pidOf(process) != pid);
  }

  private String anyService() {
    return Shape.SERVICES.get(random.nextInt(Shape.SERVICES.size()));
  }

  private long kill(String process) {
    var pid = last().pidOf(process);
    assertThat(pid).as(process).isPositive();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    return pid;
  }

  private int set(String key, String value) throws IOException {
    var body = Cli.JSON.writeValueAsBytes(Map.of("set", Map.of(key, value)));
    return Api.patch(ports.config(), "/config", body);
  }

  private int renew() throws IOException {
    return post(ports.cert(), "/cert/renew", "{\"force\":true}");
  }

  private static int post(int port, String path) throws IOException {
    return post(port, path, "{}");
  }

  private static int post(int port, String path, String body) throws IOException {
    return Api.send("POST", port, path, body.getBytes(StandardCharsets.UTF_8), Map.of())
        .statusCode();
  }

  private void settleAfter(int versions) {
    var before = last();
    settle(now -> now.version() == before.version() + versions);
  }

  /** Waits until the relay is quiet after what was done, and the log tells the same of it. */
  private void settle(Predicate<RelayView> done) {
    await()
        .atMost(LocalRelay.LONG)
        .pollInterval(POLL)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              var now = RelayView.running(cli.state(), ports);
              assertThat(now).matches(RelayView::settled, "settled").matches(done, "done");
              var time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
              assertThat(RelayView.replayed(replay(List.of(time)).getFirst())).isEqualTo(now);
              assertThat(RelayView.running(cli.state(), ports)).isEqualTo(now);
              moments.add(new Moment(time, now));
            });
    // What comes next is not of the same millisecond.
    pause(Duration.ofMillis(2));
  }

  private List<RelayState> replay(List<Instant> times) throws IOException {
    try (var log = BusLog.open("127.0.0.1:" + ports.broker())) {
      return StateReplay.at(log, times);
    }
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }
}
