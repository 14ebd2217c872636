package dev.postbus.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyCheckTest {
  @TempDir Path root;

  @Test
  void theLinesForTheHostAreSaid() throws IOException {
    var found = Found.only(Level.WARNING, check("128", "8192").look());

    assertThat(found.message()).contains("max_user_instances=128", "max_user_watches=8192");
    assertThat(found.next())
        .contains("/etc/sysctl.d/", "sysctl --system")
        .contains("fs.inotify.max_user_instances=65536", "fs.inotify.max_user_watches=65536");
  }

  @Test
  void withTheLibraryFewInstancesWillDo() throws IOException {
    Files.createFile(root.resolve("library"));

    Found.only(Level.OK, check("128", "65536").look());
    assertThat(Found.only(Level.WARNING, check("128", "8192").look()).next())
        .doesNotContain("max_user_instances=");
  }

  @Test
  void enoughIsEnough() throws IOException {
    Found.only(Level.OK, check("65536", "1048576").look());
  }

  @Test
  void whatCannotBeReadIsSaid() {
    Found.only(Level.WARNING, new InotifyCheck(root, Optional.of(root.resolve("library"))).look());
  }

  @Test
  void theKernelsOwnFilesCanBeRead() {
    assertThat(new InotifyCheck(Path.of("/"), Optional.empty()).look().getFirst().message())
        .matches("max_user_instances=\\d+, max_user_watches=\\d+.*");
  }

  private InotifyCheck check(String instances, String watches) throws IOException {
    var folder = Files.createDirectories(root.resolve("proc/sys/fs/inotify"));
    Files.writeString(folder.resolve("max_user_instances"), instances + "\n");
    Files.writeString(folder.resolve("max_user_watches"), watches + "\n");
    return new InotifyCheck(root, Optional.of(root.resolve("library")));
  }
}
