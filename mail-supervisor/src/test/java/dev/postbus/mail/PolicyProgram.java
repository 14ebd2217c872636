package dev.postbus.mail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** mail-policy as a build stages it, from this test's class path: a folder of jars. */
final class PolicyProgram {
  /** What it is made of, as the beginnings of names in the class path. */
  private static final List<String> PARTS =
      List.of(
          "jackson-",
          "apache-mime4j-",
          "apache-jdkim-",
          "dnsjava-",
          "slf4j-api",
          "slf4j-jdk14",
          "commons-codec-",
          "commons-io-",
          "prometheus-metrics-");

  private PolicyProgram() {}

  /** Copies it to where its user may read it; the build's own folders may be closed. */
  static Path into(Path folder) throws IOException {
    for (var part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      var path = Path.of(part);
      var name = path.getFileName().toString();
      if (Files.exists(path.resolve("dev/postbus/policy/Main.class"))) {
        jar(path, folder.resolve("mail-policy.jar"));
      } else if ((name.startsWith("mail-policy-") && !name.contains("tests"))
          || PARTS.stream().anyMatch(name::startsWith)) {
        Files.copy(path, folder.resolve(name));
      }
    }
    return folder;
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (var out = Files.newOutputStream(jar);
        var entries = new JarOutputStream(out);
        var files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
  }
}
