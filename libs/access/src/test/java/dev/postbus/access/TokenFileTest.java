package dev.postbus.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  @TempDir Path folder;

  @Test
  void oneIsMadeAndKept() throws IOException {
    var file = folder.resolve("token");
    var token = new TokenFile(file);

    token.makeIfMissing();
    var made = Files.readString(file).strip();
    token.makeIfMissing();

    assertThat(Files.readString(file).strip()).isEqualTo(made).hasSize(64);
    assertThat(token.matches(made)).isTrue();
    assertThat(token.matches(made + "0")).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--r-----");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void withoutAFolderThereIsNone() {
    var token = new TokenFile(folder.resolve("none/token"));

    assertThatThrownBy(token::makeIfMissing).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> token.matches("x")).isInstanceOf(IOException.class);
  }
}
