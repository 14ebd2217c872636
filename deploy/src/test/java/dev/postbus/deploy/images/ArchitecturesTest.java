package dev.postbus.deploy.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The images are built for amd64 and arm64 from the same files. */
class ArchitecturesTest {
  private static final Path HOME = Path.of("..");

  private static final Pattern ONE =
      Pattern.compile("x86.?64|amd64|aarch.?64|arm64|-march|-mtune|-msse|--platform=linux");

  @Test
  void nothingThatBuildsImagesIsForOneArchitecture() throws IOException {
    var found = new ArrayList<String>();
    for (var file : files()) {
      for (var line : Files.readAllLines(file)) {
        // What is said of both, and of each alike, is for both.
        if (ONE.matcher(line).find() && !bothIn(file)) {
          found.add(HOME.relativize(file) + ": " + line.strip());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static boolean bothIn(Path file) throws IOException {
    var text = Files.readString(file);
    return text.contains("amd64") && text.contains("arm64");
  }

  private static List<Path> files() throws IOException {
    var all = new ArrayList<Path>();
    for (var folder : List.of("deploy/images", "deploy/docker")) {
      all.addAll(in(HOME.resolve(folder), ".*"));
    }
    all.addAll(in(HOME.resolve("deploy"), ".*\\.yaml"));
    try (var modules = Files.find(HOME, 3, (path, is) -> path.endsWith("pom.xml"))) {
      all.addAll(modules.toList());
    }
    assertThat(all).hasSizeGreaterThan(20);
    return all;
  }

  private static List<Path> in(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().matches(name))
          .toList();
    }
  }
}
