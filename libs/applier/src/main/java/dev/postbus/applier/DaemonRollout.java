package dev.postbus.applier;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayActivity.DaemonAction;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.ProcessFailure;
import dev.postbus.supervision.Rollout;
import dev.postbus.supervision.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a configuration and a certificate to daemons: renders, has the daemons' own checkers look,
 * switches, and touches those daemons whose files changed, side by side. If one does not take it,
 * all of it is taken back.
 */
public final class DaemonRollout {
  private static final Logger log = LoggerFactory.getLogger(DaemonRollout.class);
  private static final Pattern GENERATION =
      Pattern.compile("/generations/[0-9a-f]{64}(\\.\\d{1,9})?");
  private static final Duration FIRST_START = Duration.ofMinutes(1);
  private static final Duration TAKE_UP = Duration.ofSeconds(30);

  private final List<Daemon> daemons;
  private final Renderer files;
  private final Rollout rollout;
  private final Supervisor supervisor;
  private boolean started;
  private boolean served;

  /** Renders all that the daemons read. */
  @FunctionalInterface
  public interface Renderer {
    /** Writes each daemon's files into a folder of its name. */
    void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
        throws IOException;
  }

  /**
   * A rollout.
   *
   * @param daemons in the order in which they take up changes
   * @param files renders them
   * @param rollout where they are rendered
   * @param supervisor runs the daemons' processes
   */
  public DaemonRollout(
      List<Daemon> daemons, Renderer files, Rollout rollout, Supervisor supervisor) {
    this.daemons = List.copyOf(daemons);
    this.files = files;
    this.rollout = rollout;
    this.supervisor = supervisor;
  }

  /** Starts the daemons with what was in force when they last ran, if there is anything. */
  public synchronized void startAsBefore() {
    if (rollout.current().isPresent()) {
      supervisor.start();
      started = true;
      served = true;
    }
  }

  /**
   * Renders anew what is in force, before the daemons start: this may be a newer program than the
   * one that rendered it. What a daemon's checker refuses is left as it was.
   */
  synchronized void refresh(RelayConfiguration configuration, StoredCertificate certificate) {
    var current = rollout.current();
    if (started || current.isEmpty()) {
      return;
    }
    var prepared = rollout.prepare(into -> files.render(configuration, certificate, into));
    var changed = changed(current, prepared);
    var problem = problem(changed, prepared);
    if (changed.isEmpty() || problem.isPresent()) {
      problem.ifPresent(e -> log.error("rendered anew, this is refused: {}", e.getMessage()));
      Rollout.discard(prepared);
    } else {
      rollout.switchTo(prepared);
    }
  }

  synchronized List<DaemonAction> apply(
      RelayConfiguration configuration, StoredCertificate certificate) throws DaemonRefusal {
    var before = rollout.current();
    var prepared = rollout.prepare(into -> files.render(configuration, certificate, into));
    var changed = changed(before, prepared);
    var problem = problem(unchecked(changed, before, prepared), prepared);
    if (problem.isPresent()) {
      Rollout.discard(prepared);
      throw problem.get();
    }
    rollout.switchTo(prepared);
    if (!started) {
      supervisor.start();
      started = true;
      return awaitFirstStart();
    }
    if (!served && changed.isEmpty()) {
      // Another try of a first start that was too slow, or had something in its way.
      return awaitFirstStart();
    }
    try {
      var actions = takeUp(changed, before, prepared);
      return daemons.stream()
          .map(daemon -> actions.getOrDefault(daemon, new DaemonAction(daemon.name(), "none", 0)))
          .toList();
    } catch (DaemonRefusal e) {
      before.ifPresent(old -> takeBack(old, prepared, changed));
      throw e;
    }
  }

  /** What {@link #apply} would do to each daemon; everything stays as it is. */
  synchronized List<DaemonAction> plan(
      RelayConfiguration configuration, StoredCertificate certificate) throws DaemonRefusal {
    var before = rollout.current();
    var prepared = rollout.prepare(into -> files.render(configuration, certificate, into));
    try {
      var changed = changed(before, prepared);
      var problem = problem(unchecked(changed, before, prepared), prepared);
      if (problem.isPresent()) {
        throw problem.get();
      }
      return daemons.stream()
          .map(
              daemon ->
                  changed.contains(daemon)
                      ? new DaemonAction(daemon.name(), daemon.wouldDo(before, prepared), 0)
                      : new DaemonAction(daemon.name(), "none", 0))
          .toList();
    } finally {
      Rollout.discard(prepared);
    }
  }

  /** Waits until a process serves after a reload or restart. */
  public static void await(String daemon, CompletableFuture<Void> serving) throws DaemonRefusal {
    try {
      serving.orTimeout(TAKE_UP.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new DaemonRefusal(
          daemon,
          e.getCause() instanceof ProcessFailure failure
              ? String.valueOf(failure.getMessage())
              : "was not ready within " + TAKE_UP.toSeconds() + " s");
    }
  }

  private List<DaemonAction> awaitFirstStart() throws DaemonRefusal {
    var begin = System.nanoTime();
    if (!supervisor.awaitReady(FIRST_START)) {
      for (var status : supervisor.status()) {
        if (!status.ready()) {
          throw new DaemonRefusal(status.name(), status.state().label() + ": " + status.detail());
        }
      }
    }
    served = true;
    var millis = millisSince(begin);
    return daemons.stream().map(d -> new DaemonAction(d.name(), "started", millis)).toList();
  }

  /** All at once, but for those that come after the others. */
  private static Map<Daemon, DaemonAction> takeUp(
      List<Daemon> changed, Optional<Path> before, Path now) throws DaemonRefusal {
    var actions = new LinkedHashMap<Daemon, DaemonAction>();
    for (var last : List.of(false, true)) {
      var wave = changed.stream().filter(daemon -> daemon.afterOthers() == last).toList();
      actions.putAll(sideBySide(wave, daemon -> takeUp(daemon, before, now)));
    }
    return actions;
  }

  private static DaemonAction takeUp(Daemon daemon, Optional<Path> before, Path now)
      throws DaemonRefusal {
    var begin = System.nanoTime();
    var action = daemon.takeUp(before, now);
    return new DaemonAction(daemon.name(), action, millisSince(begin));
  }

  private void takeBack(Path old, Path refused, List<Daemon> touched) {
    rollout.switchTo(old);
    for (var daemon : touched) {
      try {
        takeUp(daemon, Optional.of(refused), old);
      } catch (DaemonRefusal e) {
        log.error(
            "{} does not take the former configuration either: {}", daemon.name(), e.getMessage());
      }
    }
    Rollout.discard(refused);
  }

  /** Those whose files are not the same any more. */
  private List<Daemon> changed(Optional<Path> before, Path now) {
    return daemons.stream()
        .filter(daemon -> before.isEmpty() || !same(daemon, before.get(), now))
        .toList();
  }

  /**
   * Without those whose files name another generation of the certificate and are the same
   * otherwise: their checkers have passed that text, and the generation has been checked by itself.
   * Starting checkers would be a third of the time that a new certificate takes.
   */
  private static List<Daemon> unchecked(List<Daemon> changed, Optional<Path> before, Path now) {
    return changed.stream()
        .filter(
            daemon ->
                before.isEmpty()
                    || !withoutGenerations(contents(before.get().resolve(daemon.name())))
                        .equals(withoutGenerations(contents(now.resolve(daemon.name())))))
        .toList();
  }

  private static Map<String, String> withoutGenerations(Map<String, String> contents) {
    var without = new TreeMap<>(contents);
    without.replaceAll((file, text) -> GENERATION.matcher(text).replaceAll("/generations/"));
    return without;
  }

  private static Optional<DaemonRefusal> problem(List<Daemon> daemons, Path prepared) {
    try {
      sideBySide(
          daemons,
          daemon -> {
            var problem = daemon.problem(prepared);
            if (problem.isPresent()) {
              throw new DaemonRefusal(daemon.name(), problem.get());
            }
            return true;
          });
      return Optional.empty();
    } catch (DaemonRefusal e) {
      return Optional.of(e);
    }
  }

  /** Does something with each daemon at once, and throws the first one's refusal when all ended. */
  private static <T> Map<Daemon, T> sideBySide(List<Daemon> daemons, Step<T> step)
      throws DaemonRefusal {
    var running = new LinkedHashMap<Daemon, Future<T>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      daemons.forEach(daemon -> running.put(daemon, threads.submit(() -> step.with(daemon))));
    }
    var results = new LinkedHashMap<Daemon, T>();
    for (var each : running.entrySet()) {
      if (each.getValue().state() == Future.State.SUCCESS) {
        results.put(each.getKey(), each.getValue().resultNow());
      } else if (each.getValue().exceptionNow() instanceof DaemonRefusal refusal) {
        throw refusal;
      } else {
        throw new IllegalStateException(
            each.getKey().name() + " could not be asked", each.getValue().exceptionNow());
      }
    }
    return results;
  }

  @FunctionalInterface
  private interface Step<T> {
    T with(Daemon daemon) throws DaemonRefusal;
  }

  /** Compares a daemon's files, but for the numbered folder's own path in them. */
  private static boolean same(Daemon daemon, Path one, Path other) {
    return contents(one.resolve(daemon.name())).equals(contents(other.resolve(daemon.name())));
  }

  private static Map<String, String> contents(Path folder) {
    var contents = new TreeMap<String, String>();
    if (!Files.isDirectory(folder)) {
      // An older program did not know this daemon yet.
      return contents;
    }
    try (var walk = Files.walk(folder)) {
      for (var file : walk.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1).replace(folder.toString(), ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
    return contents;
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
