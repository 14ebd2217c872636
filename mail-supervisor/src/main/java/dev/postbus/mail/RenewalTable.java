package dev.postbus.mail;

import dev.postbus.supervision.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An empty lookup table that every smtpd has open and never asks. A process of Postfix ends before
 * it takes its next client when a table of its own has been replaced (dict_changed_name in its
 * sources), and the process that takes its place reads all files anew: so a certificate is taken up
 * without a reload, and nobody is turned away.
 */
record RenewalTable(Path folder) {
  private static final String NAME = "renewal";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  // Those whose file Postfix keeps open; which of them there are differs between Debian's releases.
  private static final List<Type> TYPES =
      List.of(new Type("hash", ".db"), new Type("lmdb", ".lmdb"), new Type("cdb", ".cdb"));

  private record Type(String name, String ending) {}

  /** Makes it where it is missing, by Postfix's own tool. */
  void prepare() throws IOException {
    if (TYPES.stream().anyMatch(this::exists)) {
      return;
    }
    var place = Files.createTempDirectory(folder, NAME);
    try {
      var configuration = Files.createFile(place.resolve("main.cf"));
      // Postfix's programs wait for a file to be two seconds old, in case somebody is writing it.
      var aMinuteAgo = Instant.now().minus(Duration.ofMinutes(1));
      Files.setLastModifiedTime(configuration, FileTime.from(aMinuteAgo));
      Files.createFile(place.resolve(NAME));
      var problems = new StringBuilder();
      for (var type : TYPES) {
        var map = type.name() + ":" + place.resolve(NAME);
        var made =
            Commands.run(List.of("/usr/sbin/postmap", "-c", place.toString(), map), PATIENCE);
        if (made.succeeded()) {
          Files.move(
              place.resolve(NAME + type.ending()), file(type), StandardCopyOption.ATOMIC_MOVE);
          return;
        }
        problems.append(made.output());
      }
      throw new IOException("postmap makes no table of any type: " + problems);
    } finally {
      try (var files = Files.list(place)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(place);
    }
  }

  /** Its name as Postfix has it, such as {@code hash:/srv/mail/renewal}. */
  String map() {
    return type().name() + ":" + folder.resolve(NAME);
  }

  /** Has every process that has it open end before its next client. */
  void replace() {
    var file = file(type());
    try {
      var copy = folder.resolve(NAME + ".new");
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot replace " + file, e);
    }
  }

  private Type type() {
    return TYPES.stream()
        .filter(this::exists)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no table in " + folder));
  }

  private boolean exists(Type type) {
    return Files.exists(file(type));
  }

  private Path file(Type type) {
    return folder.resolve(NAME + type.ending());
  }
}
