package dev.postbus.config;

import dev.postbus.config.Version.Author;
import dev.postbus.events.EventBus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force, and the one place where it changes. A change is one version file; the
 * layers are what the latest version holds of them, so that nothing can be half there. The event
 * follows under an id that the version file holds, at the next start if need be.
 */
final class ConfigKeeper {
  private static final Logger log = LoggerFactory.getLogger(ConfigKeeper.class);

  /** Who takes back what consumers reject. */
  static final String REJECTION = "rejection";

  private final IniSource ini;
  private final VersionFiles files;
  private final Map<String, String> environment;
  private final EventBus bus;
  private List<Problem> problems = List.of();
  private Version current;

  private ConfigKeeper(
      IniSource ini,
      VersionFiles files,
      Map<String, String> environment,
      EventBus bus,
      Version current) {
    this.ini = ini;
    this.files = files;
    this.environment = environment;
    this.bus = bus;
    this.current = current;
  }

  /** What came of a change. */
  record Change(Version version, boolean unchanged) {}

  /**
   * Loads, and makes a new version if the layers say something else than the last one.
   *
   * @throws InvalidConfiguration if the layers are wrong and there is no version to go on with
   */
  static ConfigKeeper start(
      IniSource ini, VersionFiles files, Map<String, String> environment, EventBus bus)
      throws InvalidConfiguration {
    var last = files.latest();
    if (last.isPresent()) {
      announce(bus, last.get());
      var keeper = new ConfigKeeper(ini, files, environment, bus, last.get());
      keeper.takeLayers(true, operatorOf(last.get()), null);
      return keeper;
    }
    ini.prepare(last, environment);
    var resolved = Resolved.of(new Layers(ini.read(), environment, Map.of()));
    var first = Version.next(last, resolved, new Author("startup", null), bus.now());
    files.write(first);
    announce(bus, first);
    return new ConfigKeeper(ini, files, environment, bus, first);
  }

  /** The version in force. */
  synchronized Version current() {
    return current;
  }

  /** What is wrong with file or environment as they are now, if the last good version goes on. */
  synchronized List<Problem> problems() {
    return problems;
  }

  /**
   * What a change would come to.
   *
   * @param expected the version that it was made for; null if any will do
   */
  synchronized Version propose(Edit edit, @Nullable Expectation expected, Author author)
      throws InvalidConfiguration, VersionConflict {
    expect(expected);
    var operator = edit.applyTo(current.values());
    // File and environment as they were when they were good: a later mistake there must not keep
    // an operator from changing something.
    var resolved = Resolved.of(Layers.of(current.values()).withOperator(operator));
    return Version.next(Optional.of(current), resolved, author, bus.now());
  }

  /** Changes the operator's layer; see {@link #propose}. */
  synchronized Change change(Edit edit, @Nullable Expectation expected, Author author)
      throws InvalidConfiguration, VersionConflict {
    return commit(propose(edit, expected, author));
  }

  /**
   * Makes a new version with the values of an old one, whatever file and environment say now: what
   * they would say otherwise is set in the operator's layer.
   */
  synchronized Change rollBack(Version old, @Nullable Expectation expected, Author author)
      throws InvalidConfiguration, VersionConflict {
    return commit(proposeRollback(old, expected, author));
  }

  /** What {@link #rollBack} would come to. */
  synchronized Version proposeRollback(Version old, @Nullable Expectation expected, Author author)
      throws InvalidConfiguration, VersionConflict {
    expect(expected);
    var layers = Layers.of(current.values()).withOperator(operatorOf(old));
    var operator = operatorOf(old);
    var without = Resolved.of(layers).plain();
    old.plain()
        .forEach(
            (key, value) -> {
              // A key that this program does not know any more is nothing to go back to.
              if (without.containsKey(key) && !value.equals(without.get(key))) {
                operator.put(key, value);
              }
            });
    var resolved = Resolved.of(layers.withOperator(operator));
    return Version.next(Optional.of(current), resolved, author, bus.now());
  }

  /** Takes up the ini file as it is now, or says what is wrong with it. */
  synchronized void iniChanged() {
    takeLayers(false, operatorOf(current), null);
  }

  /**
   * Goes back to what a consumer has put in force again, unless there is a later version. Otherwise
   * consumers would differ, and every later change would be rejected with this one.
   */
  synchronized void rejected(Answer answer) {
    var refused = current;
    var good = answer.restoredVersion();
    if (refused.number() != answer.version() || good == null) {
      return;
    }
    var before = files.read(good);
    if (before.isEmpty()) {
      log.error("there is no version {} to go back to", good);
      return;
    }
    try {
      var resolved = Resolved.of(Layers.of(before.get().values()));
      var trace = bus.traceAfter(refused.eventId());
      var author = new Author(REJECTION, answer.words(), trace);
      commit(Version.next(Optional.of(refused), resolved, author, bus.now()));
      if (!refused.actor().startsWith("api:")) {
        problems = List.of(Problem.inFile(null, answer.words() + "; mend file or environment"));
      }
    } catch (InvalidConfiguration e) {
      log.error("version {} is not valid any more: {}", good, e.getMessage());
    }
  }

  /** The version that was rejected and has been gone back from, if that was the last change. */
  synchronized Optional<Version> goneBackFrom() {
    return current.takesBack() ? files.read(current.number() - 1) : Optional.empty();
  }

  /** Completes disk and log from each other, before anything is sent. */
  synchronized void complete(LogHistory history, LogHistory.Content content) {
    var outcome = history.complete(content);
    if (!outcome.filesChanged()) {
      return;
    }
    current = files.latest().orElseThrow();
    var operator = operatorOf(current);
    @Nullable Author again = null;
    for (var displaced : outcome.displaced()) {
      displaced.redo(operator);
      again =
          new Author(
              displaced.actor(), "again, as there was another version " + displaced.number());
    }
    takeLayers(false, operator, again);
  }

  private void expect(@Nullable Expectation expected) throws VersionConflict {
    if (expected != null && !expected.matches(current)) {
      throw new VersionConflict(expected.toString(), current);
    }
  }

  private void takeLayers(boolean starting, Map<String, String> operator, @Nullable Author author) {
    try {
      if (starting) {
        ini.prepare(Optional.of(current), environment);
      }
      var resolved = Resolved.of(new Layers(ini.read(), environment, operator));
      var refused = goneBackFrom();
      if (refused.isPresent() && refused.get().plain().equals(resolved.plain())) {
        problems =
            List.of(
                Problem.inFile(
                    null, current.reason() + "; file and environment still say the same"));
        return;
      }
      problems = List.of();
      var why = author == null ? new Author(whose(resolved, starting), null) : author;
      var change = commit(Version.next(Optional.of(current), resolved, why, bus.now()));
      if (!change.unchanged()) {
        log.info("version {} by {}", current.number(), current.actor());
      }
    } catch (InvalidConfiguration e) {
      if (!e.problems().equals(problems)) {
        e.problems().forEach(problem -> log.error("{}: {}", ini.file(), problem.message()));
        log.error("version {} goes on", current.number());
      }
      problems = e.problems();
    }
  }

  private Change commit(Version next) {
    if (next.values().equals(current.values())) {
      return new Change(current, true);
    }
    files.write(next);
    current = next;
    announce(bus, next);
    return new Change(next, false);
  }

  /** Judges the text of an ini file with this relay's environment, changing nothing. */
  void validate(byte[] text) throws InvalidConfiguration {
    Resolved.of(new Layers(IniFile.parse(text), environment, Map.of()));
  }

  /** The version in force as an ini file. */
  String rendered() {
    return IniFile.render(current().plain());
  }

  VersionFiles versions() {
    return files;
  }

  private static void announce(EventBus bus, Version version) {
    bus.publish(version.event(), null, version.eventId(), version.time(), version.trace());
  }

  private static Map<String, String> operatorOf(Version version) {
    return new LinkedHashMap<>(Layers.of(version.values()).operator());
  }

  private String whose(Resolved resolved, boolean starting) {
    var fromFile =
        Version.changes(current.values(), resolved.values()).stream()
            .allMatch(change -> change.layer().equals(Layer.INI.label()));
    return fromFile || !starting ? "file" : "startup";
  }
}
