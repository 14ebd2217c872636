package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipedProcessTest {
  @Test
  void itAnswersAndEndsWithItsInput() throws Exception {
    try (var cat = PipedProcess.start(List.of("cat"), null)) {
      cat.input().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      cat.input().flush();

      assertThat(cat.output().readNBytes(6)).asString().isEqualTo("hello\n");
      cat.input().close();
      assertThat(cat.output().read()).isEqualTo(-1);
    }
  }

  @Test
  void itHasNoPrivileges() throws Exception {
    var status = said(List.of("cat", "/proc/self/status"), Account.of(5003));

    assertThat(status.lines())
        .anyMatch(line -> line.matches("Uid:\\s5003\\s5003\\s5003\\s5003"))
        .anyMatch(line -> line.matches("Gid:\\s5003\\s5003\\s5003\\s5003"))
        .anyMatch(line -> line.matches("Groups:\\s*"))
        .anyMatch(line -> line.matches("CapEff:\\s0+"))
        .anyMatch(line -> line.matches("CapPrm:\\s0+"))
        .anyMatch(line -> line.matches("NoNewPrivs:\\s1"));
  }

  @Test
  void itSeesNothingOfTheEnvironment() throws Exception {
    assertThat(said(List.of("env"), null).lines())
        .allMatch(line -> line.matches("(PATH|LANG|MALLOC_ARENA_MAX|PWD|SHLVL|_)=.*"));
  }

  private static String said(List<String> command, @org.jspecify.annotations.Nullable Account user)
      throws IOException {
    try (var process = PipedProcess.start(command, user)) {
      return new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
