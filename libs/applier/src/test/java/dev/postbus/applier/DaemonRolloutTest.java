package dev.postbus.applier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayActivity.DaemonAction;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.ProcessDescription;
import dev.postbus.supervision.ProcessStatus;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import dev.postbus.supervision.SupervisorListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons that write down what is asked of them; their files hold one key each. */
class DaemonRolloutTest {
  @TempDir Path folder;
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private Supervisor supervisor;
  private Rollout rollout;
  private DaemonRollout daemons;

  /** Refuses the value {@code bad} when it takes it up, and {@code wrong} when it is checked. */
  private record Recording(String name, List<String> taken) implements Daemon {
    @Override
    public boolean afterOthers() {
      return name.equals("one");
    }

    @Override
    public Optional<String> problem(Path rendered) {
      taken.add("check " + name);
      return read(rendered).equals("wrong") ? Optional.of("line 1: wrong") : Optional.empty();
    }

    @Override
    public String takeUp(Optional<Path> before, Path now) throws DaemonRefusal {
      taken.add(name + "=" + read(now));
      if (read(now).equals("bad")) {
        throw new DaemonRefusal(name, "cannot serve");
      }
      return "reloaded";
    }

    private String read(Path rendered) {
      try {
        return Files.readString(rendered.resolve(name).resolve("value"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    supervisor =
        new Supervisor(
            List.of(
                ProcessDescription.named("one").command("sleep", "1000").build(),
                ProcessDescription.named("two").command("sleep", "1000").build()),
            new SupervisorListener() {
              @Override
              public void transition(ProcessStatus before, ProcessStatus after) {}

              @Override
              public void line(String process, String line) {}
            },
            folder.resolve("run"),
            Clock.systemUTC());
    rollout = new Rollout(folder.resolve("rendered"));
    daemons =
        new DaemonRollout(
            List.of(new Recording("one", taken), new Recording("two", taken)),
            (configuration, certificate, into) -> {
              for (var name : List.of("one", "two")) {
                Files.createDirectory(into.resolve(name));
                Files.writeString(into.resolve(name).resolve("value"), configuration.text(name));
              }
            },
            rollout,
            supervisor);
    assertThat(apply("a", "b")).extracting(DaemonAction::action).containsOnly("started");
    taken.clear();
  }

  @AfterEach
  void stop() {
    supervisor.close();
  }

  @Test
  void onlyDaemonsWhoseFilesChangedAreTouched() throws Exception {
    var actions = apply("a", "c");

    assertThat(actions).extracting(DaemonAction::action).containsExactly("none", "reloaded");
    assertThat(taken).containsExactly("check two", "two=c");
  }

  @Test
  void anotherGenerationOfTheCertificateIsTakenUpWithoutAChecker() throws Exception {
    var old = "cert /certs/generations/" + "a".repeat(64) + "/fullchain.pem";
    var other = "cert /certs/generations/" + "b".repeat(64) + ".2/fullchain.pem";
    apply("a", old);
    taken.clear();

    apply("a", other);
    assertThat(taken).containsExactly("two=" + other);
    taken.clear();

    apply("a", old + " more");
    assertThat(taken).containsExactly("check two", "two=" + old + " more");
  }

  @Test
  void whoNeedsTheOthersTakesUpAChangeLast() throws Exception {
    apply("b", "c");

    assertThat(taken).filteredOn(what -> what.contains("=")).containsExactly("two=c", "one=b");
  }

  @Test
  void whatAChangeWouldDoIsToldWithoutDoingIt() throws Exception {
    var before = Files.readSymbolicLink(rollout.link());

    assertThat(plan("a", "c")).extracting(DaemonAction::action).containsExactly("none", "reloaded");
    assertThatThrownBy(() -> plan("a", "wrong")).hasMessage("line 1: wrong");

    assertThat(taken).containsExactly("check two", "check two");
    assertThat(Files.readSymbolicLink(rollout.link())).isEqualTo(before);
    assertThat(folder.resolve("rendered")).isDirectoryNotContaining("glob:**/2");
  }

  @Test
  void noPlanIsMadeForAValueThatCouldBeMoreThanAValue() {
    for (var value : List.of("a\nb", "${a}", "a; b", "\"", "\u0000")) {
      assertThatThrownBy(() -> new ChangePlan.Request(Map.of("one", value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("one has a value that no key may have");
    }
  }

  @Test
  void whatACheckerFindsChangesNothing() {
    assertThatThrownBy(() -> apply("c", "wrong"))
        .isInstanceOf(DaemonRefusal.class)
        .hasMessage("line 1: wrong");

    assertThat(taken).noneMatch(what -> what.contains("="));
    assertThat(rollout.link().resolve("one/value")).hasContent("a");
  }

  @Test
  void whenOneCannotServeAllOfItIsTakenBack() {
    assertThatThrownBy(() -> apply("c", "bad"))
        .isInstanceOfSatisfying(DaemonRefusal.class, e -> assertThat(e.daemon()).isEqualTo("two"));

    taken.removeIf(what -> what.startsWith("check"));
    assertThat(taken).containsExactly("two=bad", "one=a", "two=b");
    assertThat(rollout.link().resolve("two/value")).hasContent("b");
  }

  private List<DaemonAction> plan(String one, String two) throws DaemonRefusal {
    return daemons.plan(
        new RelayConfiguration(Map.of("one", one, "two", two)),
        new StoredCertificate(folder, List.of()));
  }

  private List<DaemonAction> apply(String one, String two) throws DaemonRefusal {
    return daemons.apply(
        new RelayConfiguration(Map.of("one", one, "two", two)),
        new StoredCertificate(folder, List.of()));
  }
}
