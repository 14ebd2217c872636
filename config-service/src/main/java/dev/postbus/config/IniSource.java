package dev.postbus.config;

import dev.postbus.events.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ini file itself.
 *
 * @param file where it is
 * @param rewrite whether a start writes it anew from environment and defaults although it is there
 */
record IniSource(Path file, boolean rewrite) {
  /**
   * Writes it at a start if it is missing: with what the last version had from it, or else from
   * environment and defaults.
   */
  void prepare(Optional<Version> last, Map<String, String> environment)
      throws InvalidConfiguration {
    if (!rewrite && Files.exists(file)) {
      return;
    }
    var values = new LinkedHashMap<String, String>();
    if (!rewrite) {
      last.map(version -> Layers.of(version.values()).ini())
          .ifPresent(ini -> ini.forEach((key, value) -> values.put(key, value.text())));
    }
    if (values.isEmpty()) {
      values.putAll(Resolved.of(new Layers(Map.of(), environment, Map.of())).plain());
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      DurableFile.write(file, IniFile.render(values).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unusable("cannot be written", e);
    }
  }

  /** The values in it, unjudged. */
  Map<String, IniFile.Value> read() throws InvalidConfiguration {
    try (var in = Files.newInputStream(file)) {
      return IniFile.parse(in.readNBytes(IniFile.LARGEST + 1));
    } catch (IOException e) {
      throw unusable("cannot be read", e);
    }
  }

  private InvalidConfiguration unusable(String what, IOException why) {
    var said = why.getMessage() == null || why.getMessage().equals(file.toString());
    return new InvalidConfiguration(
        List.of(
            Problem.inFile(
                null,
                "%s %s: %s"
                    .formatted(
                        file, what, said ? why.getClass().getSimpleName() : why.getMessage()))));
  }
}
