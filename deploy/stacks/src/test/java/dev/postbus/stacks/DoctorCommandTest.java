package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the command, before a stack was ever started; LocalStackTest has one that runs. */
class DoctorCommandTest {
  @TempDir Path folder;

  @Test
  void beforeTheFirstStartNothingIsWrong() throws Exception {
    var offset = LocalRelay.freeOffset(12_000);

    var result = doctor(offset, "--json");

    assertThat(result.exitCode()).as(result.output()).isZero();
    var said = Cli.JSON.readTree(result.output());
    assertThat(said.path("works").asBoolean()).isTrue();
    assertThat(said.path("findings"))
        .extracting(finding -> finding.path("check").asText())
        .contains(
            "java",
            "packages",
            "ports",
            "inotify",
            "memory",
            "limits",
            "disk",
            "clock",
            "rights",
            "state",
            "resolver",
            "outgoing");
    assertThat(said.path("findings"))
        .filteredOn(finding -> !finding.path("level").asText().equals("ok"))
        .allMatch(finding -> !finding.path("next").asText().isEmpty());
    assertThat(level(said, "ports")).isEqualTo("ok");
  }

  @Test
  void aTakenPortIsAProblemAndTheExitCodeSaysSo() throws Exception {
    var offset = LocalRelay.freeOffset(13_000);
    try (var taken = new ServerSocket(25 + offset, 1, InetAddress.getLoopbackAddress())) {
      var result = doctor(offset);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.output())
          .containsPattern(
              "problem +ports +port " + taken.getLocalPort() + " \\(SMTP\\) is taken by process")
          .contains("next: end that process")
          .contains("Something will not work; problems: 1");
    }
  }

  static String level(JsonNode said, String check) {
    for (var finding : said.path("findings")) {
      if (finding.path("check").asText().equals(check)) {
        return finding.path("level").asText();
      }
    }
    return "none";
  }

  private Cli.Result doctor(int offset, String... more) throws Exception {
    var words = new ArrayList<String>();
    words.addAll(List.of("doctor", "--port-offset", "" + offset, "--mail-server", "127.0.0.1"));
    words.addAll(List.of(more));
    return new Cli(LocalRelay.checkout(), folder.resolve("state"))
        .run(words.toArray(String[]::new));
  }
}
