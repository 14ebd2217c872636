package dev.postbus.deploy.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentFilesTest {
  @TempDir Path programs;

  @Test
  void startsProgramsAsTheLocalStackDoes() throws Exception {
    for (var name :
        List.of(
            "broker",
            "config-service",
            "cert-service",
            "mail-supervisor",
            "mail-policy",
            "web-service",
            "cli",
            "together")) {
      Files.createFile(Files.createDirectory(programs.resolve(name)).resolve("a.jar"));
    }
    Files.createFile(programs.resolve("broker/app.aot"));

    ArgumentFiles.write(programs);

    assertThat(lines("together"))
        .contains("-XX:+UseSerialGC", "-Xmx96m")
        .endsWith("-jar", programs + "/together/quarkus-run.jar");
    assertThat(lines("broker"))
        .contains("-XX:AOTCache=" + programs + "/broker/app.aot")
        .endsWith("-cp", programs + "/broker/a.jar", "dev.postbus.broker.BrokerProgram");
    assertThat(lines("mail-policy")).contains("-XX:+UseSerialGC").doesNotContain("-cp");
    assertThat(lines("cli")).contains("-Xmx96m").endsWith("-cp", programs + "/cli/a.jar");
    assertThat(Files.readAllLines(programs.resolve("mail-policy/helper.args")))
        .contains("-Xmx32m")
        .endsWith("-cp", programs + "/mail-policy/a.jar", "dev.postbus.policy.HelperMain", "9106");
  }

  private List<String> lines(String program) throws Exception {
    return Files.readAllLines(programs.resolve(program).resolve("java.args"));
  }
}
