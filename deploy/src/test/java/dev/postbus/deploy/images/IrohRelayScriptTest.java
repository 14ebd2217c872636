package dev.postbus.deploy.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched and is not what it should be gets into no image. */
class IrohRelayScriptTest {
  @TempDir Path folder;
  private Path release;

  @BeforeEach
  void prepare() throws Exception {
    release = Files.createDirectories(folder.resolve("releases/v0.35.0"));
  }

  @Test
  void anotherProgramIsRefused() throws Exception {
    Files.writeString(folder.resolve("iroh-relay"), "another");
    var machine = said(List.of("uname", "-m")).output().strip();
    var archive = release.resolve("iroh-relay-v0.35.0-" + machine + "-unknown-linux-musl.tar.gz");
    var packed =
        said(List.of("tar", "-czf", archive.toString(), "-C", folder.toString(), "./iroh-relay"));
    assertThat(packed.code()).as(packed.output()).isZero();

    var refused = fetch();

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output()).contains("is not the program it should be: its SHA-256 is");
    assertThat(folder.resolve("to")).doesNotExist();
  }

  @Test
  void whatCannotBeHadIsSaidWithWhatToDo() throws Exception {
    var refused = fetch();

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output()).contains("cannot be had from file:", "IROH_RELEASES names");
    assertThat(folder.resolve("to")).doesNotExist();
  }

  private record Said(int code, String output) {}

  private Said fetch() throws Exception {
    return said(
        List.of(
            "env",
            "IROH_RELEASES=file://" + folder.resolve("releases"),
            Path.of("images/iroh-relay").toAbsolutePath().toString(),
            folder.resolve("to").toString()));
  }

  private static Said said(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), output);
  }
}
