package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdleNotifyTest {
  private static final Path SOURCE = Path.of("src/main/native/idle-notify.c");

  @TempDir Path folder;

  @Test
  void aLibraryThatWasNotBuiltLeavesDovecotAsItComes() {
    var notify = IdleNotify.tried(Optional.of(folder.resolve("missing.so")));

    assertThat(notify.environment()).isEmpty();
    assertThat(notify.words()).isEqualTo("after 500 ms");
  }

  @Test
  void aLibraryThatTheLinkerRefusesLeavesDovecotAsItComes() throws IOException {
    var broken = Files.writeString(folder.resolve("broken.so"), "not for this architecture");

    assertThat(IdleNotify.tried(Optional.of(broken)).environment()).isEmpty();
  }

  @Test
  void theLibraryIsPreloadedWhereItWorks() throws Exception {
    // Given the library as the scripts build it
    var library = folder.resolve("idle-notify.so");
    var compiler =
        new ProcessBuilder(
                "cc", "-O2", "-fPIC", "-shared", "-o", library.toString(), SOURCE.toString())
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();

    // When it is tried on this machine's Dovecot
    var notify = IdleNotify.tried(Optional.of(library));

    // Then it is used
    assertThat(notify.environment()).isEqualTo("LD_PRELOAD=" + library);
    assertThat(notify.words()).isEqualTo("at once");
  }
}
