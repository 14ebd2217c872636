package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final RestartPolicy QUICK =
      new RestartPolicy(
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(30),
          5,
          Duration.ofSeconds(60));

  @TempDir Path folder;
  private final Recorder recorder = new Recorder();
  private Supervisor supervisor;

  @AfterEach
  void stop() {
    if (supervisor != null) {
      supervisor.close();
    }
  }

  @Test
  void whatAKilledProcessLeftIsGoneBeforeTheNextStart() throws Exception {
    var locks = Files.createDirectory(folder.resolve("locks"));
    Files.writeString(locks.resolve("one.lock"), "");
    Files.writeString(locks.resolve("data"), "");
    supervise(
        sh("locked", "test ! -e " + locks.resolve("one.lock") + " && exec sleep 100")
            .stale(new StaleFiles(locks, "*.lock"), new StaleFiles(folder.resolve("none"), "*")));

    assertThat(supervisor.awaitReady(LONG)).isTrue();
    assertThat(locks.resolve("data")).exists();
    assertThat(supervisor.status().getFirst().restarts()).isZero();
  }

  @Test
  void startsInTheOrderOfNeedsAndStopsInReverse() {
    // Given a process that becomes ready late, and one that needs it
    var flag = folder.resolve("flag");
    supervise(
        sh("second", "exec sleep 100").needs("first"),
        sh("first", "sleep 0.3; touch " + flag + "; exec sleep 100").readiness(fileExists(flag)));

    // When
    assertThat(supervisor.awaitReady(LONG)).isTrue();
    supervisor.close();

    // Then
    assertThat(recorder.transitions)
        .containsExactly(
            "first starting",
            "first ready",
            "second starting",
            "second ready",
            "second stopping",
            "second stopped",
            "first stopping",
            "first stopped");
  }

  @Test
  void bringsBackAKilledProcessAndCountsIt() {
    supervise(sh("it", "exec sleep 100"));
    assertThat(supervisor.awaitReady(LONG)).isTrue();
    var pid = pidOf("it");

    Signals.send("KILL", pid);

    await().atMost(LONG).until(() -> status("it").ready() && pidOf("it") != pid);
    assertThat(status("it").restarts()).isEqualTo(1);
    assertThat(recorder.transitions)
        .containsExactly("it starting", "it ready", "it backing-off", "it starting", "it ready");
  }

  @Test
  void givesUpAfterTooManyRestartsAndStartsAgainWhenAsked() throws IOException {
    var marker = folder.resolve("works-now");
    supervise(
        sh("it", "test -e " + marker + " || exit 3; exec sleep 100")
            .restart(QUICK)
            .readiness(fileExists(marker)));

    await().atMost(LONG).until(() -> status("it").state() instanceof ProcessState.GaveUp);
    assertThat(supervisor.healthy()).isFalse();
    assertThat(status("it").restarts()).isEqualTo(5);
    assertThat(status("it").detail()).contains("exited with code 3").contains("given up");

    Files.createFile(marker);
    supervisor.restart("it").orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    assertThat(status("it").ready()).isTrue();
  }

  @Test
  void endsTheWholeSessionOfADeadLeaderBeforeARestart() {
    // Given a leader with a child that would hold on to its resources
    supervise(sh("it", "sleep 1000 & echo child $!; wait"));
    await().atMost(LONG).until(() -> !recorder.lines.isEmpty());
    var child = Long.parseLong(recorder.lines.getFirst().replaceAll("\\D+", ""));
    assertThat(ProcessTable.startTime(child)).isPresent();

    Signals.send("KILL", pidOf("it"));

    await().atMost(LONG).until(() -> recorder.transitions.contains("it backing-off"));
    assertThat(ProcessTable.startTime(child)).isEmpty();
  }

  @Test
  void insistsWhenAProcessIgnoresTheStopSignal() {
    supervise(
        sh("it", "trap '' TERM; echo deaf; while :; do sleep 0.1; done")
            .stop(new StopSignal("TERM", Duration.ofMillis(200))));
    await().atMost(LONG).until(() -> recorder.lines.contains("it: deaf"));
    var pid = pidOf("it");

    supervisor.close();

    assertThat(ProcessTable.membersOf(pid)).isEmpty();
    assertThat(status("it").state()).isInstanceOf(ProcessState.Stopped.class);
  }

  @Test
  void reloadsBySignal() {
    supervise(
        sh("it", "trap 'echo reloaded' HUP; echo up; while :; do sleep 0.05; done")
            .reload(new Reload.Signal("HUP")));
    await().atMost(LONG).until(() -> recorder.lines.contains("it: up") && status("it").ready());

    supervisor.reload("it").join();

    await().atMost(LONG).until(() -> recorder.lines.contains("it: reloaded"));
    assertThat(recorder.transitions)
        .containsExactly("it starting", "it ready", "it reloading", "it ready");
  }

  @Test
  void aReloadLastsUntilTheProcessHasMadeItsFileAnew() {
    // Given one that takes its time, and serves as before meanwhile
    var socket = folder.resolve("socket");
    supervise(
        sh(
                "it",
                "touch socket; trap 'sleep 0.3; rm socket; touch socket' HUP; "
                    + "while :; do sleep 0.05; done")
            .workingDirectory(folder)
            .readiness(fileExists(socket))
            .reload(new Reload.Signal("HUP", new Reload.Sign.NewFile(socket))));
    assertThat(supervisor.awaitReady(LONG)).isTrue();
    var before = FileIdentity.of(socket);

    supervisor.reload("it").join();

    assertThat(before.hasSuccessor(socket)).isTrue();
  }

  @Test
  void aReloadLastsUntilNoneOfTheChildrenOfBeforeTakesAnything() throws IOException {
    // Given one whose child needs some time until it only ends what it has begun
    Files.writeString(
        folder.resolve("worker.sh"),
        "trap 'sleep 0.3; exec sh leaving.sh' HUP; echo child $$; while :; do sleep 0.05; done");
    Files.writeString(folder.resolve("leaving.sh"), "sleep 100; true");
    supervise(
        sh(
                "it",
                "trap 'old=$!; sh worker.sh & kill -HUP $old' HUP; sh worker.sh & "
                    + "while :; do sleep 0.05; done")
            .workingDirectory(folder)
            .reload(new Reload.Signal("HUP", new Reload.Sign.NewChildren("leaving.sh"))));
    await().atMost(LONG).until(() -> !recorder.lines.isEmpty() && status("it").ready());
    var child = Long.parseLong(recorder.lines.getFirst().replaceAll("\\D+", ""));

    supervisor.reload("it").join();

    assertThat(ProcessTable.commandLine(child)).contains("leaving.sh");
  }

  @Test
  void aProcessThatServesButDoesNotTakeUpItsConfigurationStays() {
    supervise(
        sh("it", "trap '' HUP; touch socket; exec sleep 100")
            .workingDirectory(folder)
            .readiness(
                new Readiness.Command(
                    List.of("test", "-e", folder.resolve("socket").toString()),
                    Duration.ofSeconds(1)))
            .reload(new Reload.Signal("HUP", new Reload.Sign.NewFile(folder.resolve("socket")))));
    assertThat(supervisor.awaitReady(LONG)).isTrue();
    var pid = pidOf("it");

    assertThatThrownBy(() -> supervisor.reload("it").join())
        .hasMessageContaining("has not taken up its configuration");

    assertThat(status("it").ready()).isTrue();
    assertThat(pidOf("it")).isEqualTo(pid);
  }

  @Test
  void tellsTheWordsOfAReloadCommandThatFails() {
    supervise(
        sh("it", "exec sleep 100")
            .reload(new Reload.Command(List.of("sh", "-c", "echo bad line 7; exit 1"))));
    assertThat(supervisor.awaitReady(LONG)).isTrue();

    assertThatThrownBy(() -> supervisor.reload("it").join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("bad line 7");
    assertThat(status("it").ready()).isTrue();
  }

  @Test
  void aProcessThatIsNotReadyInTimeIsEndedAndTriedAgain() {
    supervise(
        sh("it", "exec sleep 100")
            .readiness(new Readiness.UnixSocket(folder.resolve("never"), Duration.ofMillis(100)))
            .restart(QUICK));

    await().atMost(LONG).until(() -> status("it").restarts() > 0);
    await().atMost(LONG).until(() -> status("it").state() instanceof ProcessState.GaveUp);
    assertThat(status("it").detail()).contains("not ready within");
  }

  @Test
  void runsAsTheGivenUserWithNothingInherited() {
    supervise(sh("it", "id -u; id -G; env | sort; exec sleep 100").runAs(Account.of(65534)));

    await().atMost(LONG).until(() -> recorder.lines.size() >= 4);
    assertThat(recorder.lines)
        .startsWith("it: 65534", "it: 65534")
        .noneMatch(line -> line.contains("HOME=") || line.contains("JAVA"));
  }

  @Test
  void hasOnlyTheCapabilitiesThatItsAccountIsGiven() {
    var account = Account.of(65534).with("dac_read_search");
    supervise(sh("it", "grep Cap /proc/self/status; exec sleep 100").runAs(account));

    await().atMost(LONG).until(() -> recorder.lines.size() >= 4);
    assertThat(recorder.lines)
        .contains("it: CapEff:\t0000000000000004", "it: CapPrm:\t0000000000000004");
  }

  @Test
  void splitsAnEndlessLine() {
    supervise(sh("it", "head -c 40000 /dev/zero | tr '\\0' x; echo; exec sleep 100"));

    await().atMost(LONG).until(() -> recorder.lines.size() >= 3);
    assertThat(recorder.lines).allMatch(line -> line.length() <= 16 * 1024 + 4);
  }

  @Test
  void aPlannedRestartIsNotAFailure() {
    supervise(sh("it", "exec sleep 100").longestRun(Duration.ofMillis(100)));

    await()
        .atMost(LONG)
        .until(() -> recorder.transitions.stream().filter("it starting"::equals).count() > 1);
    assertThat(status("it").restarts()).isZero();
    assertThat(recorder.transitions).doesNotContain("it backing-off");
  }

  @Test
  void refusesNeedsThatNobodyMeets() {
    assertThatThrownBy(() -> supervise(sh("it", "true").needs("ghost")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it needs ghost");
  }

  private void supervise(ProcessDescription.Builder... descriptions) {
    supervisor =
        new Supervisor(
            java.util.Arrays.stream(descriptions).map(d -> d.build()).toList(),
            recorder,
            folder.resolve("run"),
            Clock.systemUTC());
    supervisor.start();
  }

  private static ProcessDescription.Builder sh(String name, String script) {
    return ProcessDescription.named(name)
        .command("sh", "-c", script)
        .stop(new StopSignal("TERM", Duration.ofSeconds(3)));
  }

  private static Readiness fileExists(Path file) {
    return new Readiness.Command(List.of("test", "-e", file.toString()), LONG);
  }

  private ProcessStatus status(String name) {
    return supervisor.status().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private long pidOf(String name) {
    await().atMost(LONG).until(() -> status(name).pid() != null);
    return status(name).pid();
  }
}
