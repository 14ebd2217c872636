package dev.postbus.web;

import dev.postbus.events.RelayConfiguration;
import dev.postbus.web.OwnFiles.Readers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where pages come from. What the configuration's {@code www_folder} has in {@code src} goes before
 * what lies in the relay's own folder for files that replace shipped ones, and this before those.
 *
 * @param custom that folder; it need not be there
 */
record PageSources(Path custom) {
  /** The configuration's folder, unless pages are switched off. */
  private static List<Path> folder(RelayConfiguration configuration) {
    var folder = configuration.text("www_folder");
    return folder.isEmpty() || folder.equals("disabled") ? List.of() : List.of(Path.of(folder));
  }

  /** Whether the configuration's folder is to be served as it is: without a page to be rendered. */
  static boolean asItIs(RelayConfiguration configuration) {
    return folder(configuration).stream()
        .anyMatch(folder -> Files.notExists(folder.resolve("src/index.md")));
  }

  /** What an operator has for a configuration. */
  OwnFiles files(RelayConfiguration configuration) throws PageProblem {
    var files = Files.isDirectory(custom) ? OwnFiles.in(custom, Readers.ANY) : OwnFiles.none();
    for (var folder : folder(configuration)) {
      if (!Files.isDirectory(folder)) {
        throw new PageProblem(folder, "is no folder that can be read (www_folder)");
      }
      if (asItIs(configuration)) {
        return OwnFiles.in(folder, Readers.EVERYBODY);
      }
      files = files.under(OwnFiles.in(folder.resolve("src"), Readers.EVERYBODY));
    }
    return files;
  }

  /** What can change them. */
  List<Path> watched(RelayConfiguration configuration) {
    var all = new ArrayList<>(folder(configuration));
    all.add(custom);
    return all;
  }
}
