package dev.postbus.policy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fuzz target, on its corpus and what Jazzer makes of it in half a minute, all of them at
 * once and behind everything else. A target is a class {@code *Fuzz} with {@code
 * fuzzerTestOneInput}; its corpus lies in {@code resources/fuzz}.
 */
class FuzzTargetsTest {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 30);

  @TempDir static Path folder;
  private static final Map<String, Process> RUNS = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    for (var target : targets()) {
      RUNS.put(target, start(target));
    }
  }

  private static Process start(String target) throws Exception {
    var corpus = classes().resolve("fuzz").resolve(shortName(target));
    var own = Files.createDirectory(folder.resolve(shortName(target)));
    var findings = Files.createDirectory(own.resolve("corpus"));
    var command =
        List.of(
            "nice",
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
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
    return new ProcessBuilder(command)
        .directory(own.toFile())
        .redirectErrorStream(true)
        .redirectOutput(outputOf(target).toFile())
        .start();
  }

  @AfterAll
  static void end() {
    RUNS.values().forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void nothingBreaksAParser(String target) throws Exception {
    var run = RUNS.get(target);
    assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
    var said = Files.readString(outputOf(target), StandardCharsets.ISO_8859_1);
    assertThat(run.exitValue()).as(said).isZero();
    assertThat(said).contains("INITED cov:", "Done ");
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

  private static Path outputOf(String target) {
    return folder.resolve(shortName(target)).resolve("output");
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(
        FuzzTargetsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
