package dev.postbus.realclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreProgramTest {
  private static final String FETCHES =
      """
      for what; do :; done
      echo "$what" >>../calls
      name=${what%@*}
      mkdir -p "node_modules/$name"
      touch "node_modules/$name/deltachat-rpc-server"
      chmod 755 "node_modules/$name/deltachat-rpc-server"
      """;

  @TempDir Path folder;

  @Test
  void isFetchedOnceInTheVersionOfTheBuild() throws Exception {
    // Given an npm that writes down what it is asked for
    var program = new CoreProgram(folder.resolve("cache"), npm(FETCHES), "aarch64");

    // When the program is asked for twice
    var file = program.file();
    assertThat(program.file()).isEqualTo(file);

    // Then it was fetched once, for the right architecture and in a fixed version
    assertThat(file).isExecutable();
    assertThat(Files.readAllLines(folder.resolve("cache/calls")))
        .singleElement()
        .asString()
        .matches("@deltachat/stdio-rpc-server-linux-arm64@\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void withoutNpmItSaysWhatToInstall() {
    var program = new CoreProgram(folder, folder.resolve("no-npm").toString(), "amd64");

    assertThatThrownBy(program::file).hasMessageContaining("apt-get install npm");
  }

  @Test
  void whenNpmFailsItSaysWhereItsWordsAre() throws IOException {
    var program = new CoreProgram(folder, npm("echo no such package; exit 1"), "amd64");

    assertThatThrownBy(program::file)
        .hasMessageContaining("npm could not fetch @deltachat/stdio-rpc-server-linux-x64@")
        .hasMessageContaining("npm.log");
  }

  @Test
  void otherArchitecturesAreRefusedBeforeAnythingIsFetched() {
    var program = new CoreProgram(folder, "npm", "riscv64");

    assertThatThrownBy(program::file).hasMessageContaining("not for riscv64");
    assertThat(folder).isEmptyDirectory();
  }

  private String npm(String body) throws IOException {
    var script = folder.resolve("npm");
    Files.writeString(script, "#!/bin/sh\nset -e\n" + body);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }
}
