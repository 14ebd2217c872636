package dev.postbus.config;

import dev.postbus.events.DurableFile;
import dev.postbus.events.EventBus;
import dev.postbus.events.KeyChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force, and the one place where it changes. A change is one version file; the
 * operator's layer is what the latest version holds of it, so that nothing can be half there. The
 * event follows under an id that the version file holds, at the next start if need be.
 */
final class ConfigKeeper {
  private static final Logger log = LoggerFactory.getLogger(ConfigKeeper.class);

  private final Path ini;
  private final VersionFiles files;
  private final Map<String, String> environment;
  private final EventBus bus;
  private List<Problem> problems = List.of();
  private Version current;

  private ConfigKeeper(
      Path ini,
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
   * @param ini the ini file; written from environment and defaults if it is missing
   * @param rewriteIni whether to write it anew although it is there
   * @throws InvalidConfiguration if the layers are wrong and there is no version to go on with
   */
  static ConfigKeeper start(
      Path ini,
      boolean rewriteIni,
      VersionFiles files,
      Map<String, String> environment,
      EventBus bus)
      throws InvalidConfiguration {
    var last = files.latest();
    last.ifPresent(version -> announce(bus, version));
    try {
      if (rewriteIni || !Files.exists(ini)) {
        writeIni(ini, environment);
      }
      var resolved = Resolved.of(layers(ini, environment, operatorLayer(last)));
      if (last.isPresent() && last.get().event().configuration().equals(resolved.plain())) {
        return new ConfigKeeper(ini, files, environment, bus, last.get());
      }
      var version = versionOf(resolved, last, startActor(resolved, last), bus);
      files.write(version);
      announce(bus, version);
      return new ConfigKeeper(ini, files, environment, bus, version);
    } catch (InvalidConfiguration e) {
      if (last.isEmpty()) {
        throw e;
      }
      e.problems().forEach(problem -> log.error("{}: {}", ini, problem.message()));
      log.error("version {} goes on", last.get().number());
      var keeper = new ConfigKeeper(ini, files, environment, bus, last.get());
      keeper.problems = e.problems();
      return keeper;
    }
  }

  /** The version in force. */
  synchronized Version current() {
    return current;
  }

  /** What is wrong with the layers as they are now, if the last good version goes on. */
  synchronized List<Problem> problems() {
    return problems;
  }

  /**
   * Changes the operator's layer. A key that is set to the value which it has already stays where
   * it comes from.
   */
  synchronized Change change(Map<String, String> set, Collection<String> unset, String actor)
      throws InvalidConfiguration {
    var unknown =
        unset.stream()
            .filter(key -> Keys.find(key).isEmpty())
            .map(key -> Problem.unknownKey(key, null, ""))
            .toList();
    if (!unknown.isEmpty()) {
      throw new InvalidConfiguration(unknown);
    }
    var operator = new LinkedHashMap<>(operatorLayer(Optional.of(current)));
    operator.keySet().removeAll(unset);
    operator.putAll(set);
    var resolved = Resolved.of(layers(ini, environment, operator));
    if (resolved.plain().equals(current.event().configuration())) {
      return new Change(current, true);
    }
    var version = versionOf(resolved, Optional.of(current), "api:" + actor, bus);
    files.write(version);
    announce(bus, version);
    current = version;
    problems = List.of();
    return new Change(version, false);
  }

  /** Judges the text of an ini file with this relay's environment, changing nothing. */
  void validate(byte[] text) throws InvalidConfiguration {
    Resolved.of(new Resolved.Layers(IniFile.parse(text), environment, Map.of()));
  }

  /** The version in force as an ini file. */
  String rendered() {
    return IniFile.render(new Resolved(current().values()));
  }

  VersionFiles versions() {
    return files;
  }

  private static void announce(EventBus bus, Version version) {
    bus.publish(version.event(), null, version.eventId(), version.time());
  }

  private static void writeIni(Path ini, Map<String, String> environment)
      throws InvalidConfiguration {
    var resolved = Resolved.of(new Resolved.Layers(Map.of(), environment, Map.of()));
    try {
      Files.createDirectories(ini.toAbsolutePath().getParent());
      DurableFile.write(ini, IniFile.render(resolved).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + ini, e);
    }
  }

  private static Resolved.Layers layers(
      Path ini, Map<String, String> environment, Map<String, String> operator)
      throws InvalidConfiguration {
    try {
      return new Resolved.Layers(IniFile.parse(Files.readAllBytes(ini)), environment, operator);
    } catch (IOException e) {
      throw new InvalidConfiguration(
          List.of(Problem.inFile(null, ini + " cannot be read: " + e.getMessage())));
    }
  }

  private static Map<String, String> operatorLayer(Optional<Version> version) {
    var operator = new LinkedHashMap<String, String>();
    version
        .map(Version::values)
        .orElse(Map.of())
        .forEach(
            (key, value) -> {
              if (value.layer() == Layer.OPERATOR) {
                operator.put(key, value.value());
              }
            });
    return operator;
  }

  private static Version versionOf(
      Resolved resolved, Optional<Version> before, String actor, EventBus bus) {
    var digest = sha256(IniFile.render(resolved));
    return new Version(
        before.map(Version::number).orElse(0L) + 1,
        bus.now(),
        actor,
        resolved.values(),
        changes(resolved, before),
        digest,
        EventBus.newId());
  }

  private static String startActor(Resolved resolved, Optional<Version> before) {
    var fromFile =
        before.isPresent()
            && changes(resolved, before).stream()
                .allMatch(change -> change.layer().equals(Layer.INI.label()));
    return fromFile ? "file" : "startup";
  }

  private static List<KeyChange> changes(Resolved resolved, Optional<Version> before) {
    var old = before.map(version -> version.event().configuration()).orElse(Map.of());
    var changes = new ArrayList<KeyChange>();
    resolved
        .values()
        .forEach(
            (key, value) -> {
              var was = old.get(key);
              if (!Objects.equals(was, value.value())) {
                changes.add(new KeyChange(key, was, value.value(), value.layer().label()));
              }
            });
    return changes;
  }

  private static String sha256(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
