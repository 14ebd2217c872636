package dev.postbus.policy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fuzz target, on its corpus and what Jazzer makes of it in some seconds. A target is a class
 * {@code *Fuzz} with {@code fuzzerTestOneInput}; its corpus lies in {@code resources/fuzz}.
 */
class FuzzTargetsTest {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 5);

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("targets")
  void nothingBreaksAParser(String target) throws Exception {
    var corpus = classes().resolve("fuzz").resolve(shortName(target));
    var findings = Files.createDirectory(folder.resolve("corpus"));
    var output = folder.resolve("output");
    var command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target,
            "--instrumentation_includes=dev.postbus.policy.**",
            "-rss_limit_mb=4096",
            "-max_total_time=" + SECONDS,
            findings.toString(),
            corpus.toString());

    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      var said = Files.readString(output, StandardCharsets.ISO_8859_1);
      assertThat(process.exitValue()).as(said).isZero();
      assertThat(said).contains("INITED cov:", "Done ");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void everyTargetHasACorpus() throws Exception {
    assertThat(targets()).hasSizeGreaterThanOrEqualTo(6);
    for (var target : targets()) {
      assertThat(classes().resolve("fuzz").resolve(shortName(target))).isNotEmptyDirectory();
    }
  }

  static List<String> targets() throws IOException, URISyntaxException {
    var all = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(classes())) {
      files
          .map(file -> classesRelative(file))
          .filter(name -> name.endsWith("Fuzz.class"))
          .forEach(name -> all.add(name.replace(".class", "").replace('/', '.')));
    }
    return all;
  }

  private static String classesRelative(Path file) {
    try {
      return classes().relativize(file).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SmtpSessionFuzz is smtp-session. */
  private static String shortName(String target) {
    return target
        .replaceAll(".*\\.|Fuzz$", "")
        .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .toLowerCase(Locale.ROOT);
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(
        FuzzTargetsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
