package dev.postbus.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private static final Pattern GROUP = Pattern.compile("group (\\d+)");
  private static final List<String> OWN_NUMBERS = List.of("unshare", "-pf", "--mount-proc");

  @Test
  void aGroupWhoseNumberCouldBeASignalsIsReached() throws Exception {
    Assumptions.assumeTrue(
        run("true").code() == 0, "this machine lets nobody have process numbers of their own");

    var result =
        run(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SmallNumbers.class.getName());

    var group = GROUP.matcher(result.output());
    assertThat(group.find()).isTrue();
    assertThat(Integer.parseInt(group.group(1))).isLessThan(65);
    assertThat(result.code()).as(result.output()).isZero();
  }

  private record Result(int code, String output) {}

  private static Result run(String... words) throws Exception {
    var command = new ArrayList<>(OWN_NUMBERS);
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
