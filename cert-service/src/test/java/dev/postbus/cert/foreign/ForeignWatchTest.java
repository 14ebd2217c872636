package dev.postbus.cert.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForeignWatchTest {
  /** So long that only inotify can be what told. */
  private static final Duration NEVER = Duration.ofDays(1);

  private static final Look.Patience SHORT =
      new Look.Patience(Duration.ofMillis(200), Duration.ofMillis(200));
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path root;
  private final Heard heard = new Heard();
  private ForeignWatch watch;

  /** What a watch tells. */
  private static final class Heard implements ForeignListener {
    final List<ForeignPair> accepted = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();

    @Override
    public void accepted(ForeignPair pair) {
      accepted.add(pair);
    }

    @Override
    public void refused(List<String> problems) {
      refused.addAll(problems);
    }

    boolean latestIs(Made made) {
      return !accepted.isEmpty() && accepted.getLast().chain().equals(made.chain());
    }
  }

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void eachReplacementIsNoticedAndNothingElseIsEverTaken(Layout layout) throws IOException {
    // Given a manager with its first pair there before us
    var first = Made.leaf();
    layout.put(root, 1, first);
    follow(layout.folder(root), NEVER, Look.Patience.STANDARD);
    await().atMost(LONG).until(() -> heard.latestIs(first));

    // When it replaces it again and again
    for (int i = 2; i <= 3; i++) {
      var next = Made.leaf();
      layout.put(root, i, next);
      await().atMost(LONG).until(() -> heard.latestIs(next));
    }

    // Then each was taken once, and no half of one
    assertThat(heard.accepted).hasSize(3);
    assertThat(heard.refused).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"CERTBOT", "KUBERNETES", "REPLACED_FOLDER"})
  void aFolderThatComesLaterIsFound(Layout layout) throws IOException {
    follow(layout.folder(root), NEVER, SHORT);
    await().atMost(LONG).until(() -> !heard.refused.isEmpty());

    var first = Made.leaf();
    layout.put(root, 1, first);

    await().atMost(LONG).until(() -> heard.latestIs(first));
  }

  @Test
  void oneHalfIsWaitedOut() throws IOException {
    var before = startWithPair(Look.Patience.STANDARD);
    var next = Made.leaf();

    // When the certificate is there long before its key
    Files.writeString(root.resolve("fullchain.pem"), next.certificatePem());
    await().pollDelay(Duration.ofMillis(100)).until(() -> true);
    assertThat(heard.accepted).hasSize(1);
    Files.writeString(root.resolve("privkey.pem"), next.keyPem());

    // Then nothing between the two was taken or called a fault
    await().atMost(LONG).until(() -> heard.latestIs(next));
    assertThat(heard.accepted.getFirst().chain()).isEqualTo(before.chain());
    assertThat(heard.refused).isEmpty();
  }

  @Test
  void aLeafWaitsForItsChain() throws IOException {
    startWithPair(Look.Patience.STANDARD);
    var next = Made.leaf();
    var text = next.certificatePem();
    var leafAlone = text.substring(0, text.indexOf("-----BEGIN", 1));

    Files.writeString(root.resolve("privkey.pem"), next.keyPem());
    Files.writeString(root.resolve("fullchain.pem"), leafAlone);
    await().pollDelay(Duration.ofMillis(100)).until(() -> true);
    Files.writeString(root.resolve("fullchain.pem"), text);

    await().atMost(LONG).until(() -> heard.latestIs(next));
    assertThat(heard.accepted).hasSize(2);
  }

  @Test
  void whatStaysHalfIsNamedAndMendedLater() throws IOException {
    startWithPair(SHORT);
    var next = Made.leaf();

    Files.writeString(root.resolve("privkey.pem"), next.keyPem());
    await().atMost(LONG).until(() -> !heard.refused.isEmpty());
    assertThat(heard.refused).allMatch(why -> why.contains("does not fit"));
    assertThat(heard.accepted).hasSize(1);

    Files.writeString(root.resolve("fullchain.pem"), next.certificatePem());
    await().atMost(LONG).until(() -> heard.latestIs(next));
  }

  @Test
  void theFormerPairPutBackIsToldAgain() throws IOException {
    var before = startWithPair(SHORT);
    Files.writeString(root.resolve("privkey.pem"), Made.leaf().keyPem());
    await().atMost(LONG).until(() -> !heard.refused.isEmpty());

    Files.writeString(root.resolve("privkey.pem"), before.keyPem());

    await().atMost(LONG).until(() -> heard.accepted.size() == 2);
    assertThat(heard.latestIs(before)).isTrue();
  }

  @Test
  void aFolderInPlaceOfAFileIsNamed() throws IOException {
    startWithPair(SHORT);

    Files.delete(root.resolve("privkey.pem"));
    Files.createDirectory(root.resolve("privkey.pem"));

    await().atMost(LONG).until(() -> !heard.refused.isEmpty());
    assertThat(heard.refused.getLast())
        .isEqualTo(root.resolve("privkey.pem") + " is a folder; it must be a PEM file");
  }

  @Test
  void aLinkOutOfTheFolderIsNamedAndNotRead(@TempDir Path elsewhere) throws IOException {
    startWithPair(SHORT);
    var other = Made.leaf();
    Files.writeString(elsewhere.resolve("key"), other.keyPem());
    Files.writeString(root.resolve("fullchain.pem"), other.certificatePem());

    Files.delete(root.resolve("privkey.pem"));
    Files.createSymbolicLink(root.resolve("privkey.pem"), elsewhere.resolve("key"));

    await()
        .atMost(LONG)
        .until(() -> heard.refused.stream().anyMatch(why -> why.contains("outside of")));
    assertThat(heard.refused.getLast())
        .contains("privkey.pem is a link to " + elsewhere.toRealPath().resolve("key"));
    assertThat(heard.accepted).hasSize(1);
  }

  @Test
  void traefiksFileIsNoLinkOutOfItsFolder(@TempDir Path elsewhere) throws IOException {
    var other = elsewhere.resolve("acme.json");
    Files.writeString(other, new TraefikFile().resolver("le", Made.leaf()).text());
    Files.createSymbolicLink(root.resolve("acme.json"), other);

    follow(root.resolve("acme.json"), NEVER, SHORT);

    await().atMost(LONG).until(() -> !heard.refused.isEmpty());
    assertThat(heard.refused.getLast())
        .contains("acme.json is a link to " + other.toRealPath(), "or name it in PATH_TO_SSL");
    assertThat(heard.accepted).isEmpty();
  }

  @Test
  void traefiksFileHasABound() throws IOException {
    Files.write(root.resolve("acme.json"), new byte[(4 << 20) + 1]);

    follow(root.resolve("acme.json"), NEVER, SHORT);

    await().atMost(LONG).until(() -> !heard.refused.isEmpty());
    assertThat(heard.refused.getLast()).contains("an ordinary file of at most 4 MiB");
  }

  @Test
  void aLinkToNowhereIsNamed() throws IOException {
    startWithPair(SHORT);

    Files.delete(root.resolve("fullchain.pem"));
    Files.createSymbolicLink(root.resolve("fullchain.pem"), Path.of("gone.pem"));

    await().atMost(LONG).until(() -> !heard.refused.isEmpty());
    assertThat(heard.refused.getLast()).contains("is a link to gone.pem, which is not there");
  }

  @Test
  void twoNamedFilesAreFollowed(@TempDir Path keys) throws IOException {
    var source =
        new ForeignSource.TwoFiles(root.resolve("my-chain.crt"), keys.resolve("my-own.key"));
    follow(source, NEVER, SHORT);
    await()
        .atMost(LONG)
        .until(() -> heard.refused.stream().anyMatch(why -> why.contains("my-chain.crt is not")));

    var made = Made.leaf();
    Files.writeString(source.certificate(), made.certificatePem());
    Files.writeString(source.key(), made.keyPem());

    await().atMost(LONG).until(() -> heard.latestIs(made));
  }

  @Test
  void aFolderBehindABindMountIsNoticedAndOneMountedOverItIsPolled(@TempDir Path mounted)
      throws Exception {
    // Given a folder that is seen at another place too
    assumeTrue(mount("--bind", root.toString(), mounted.toString()), "may not mount");
    try {
      var first = Made.leaf();
      Layout.PLAIN.put(root, 1, first);
      follow(mounted, Duration.ofSeconds(1), SHORT);
      await().atMost(LONG).until(() -> heard.latestIs(first));

      // When a pair is replaced at the one, and then another folder is mounted over the other
      var second = Made.leaf();
      Layout.PLAIN.put(root, 2, second);
      await().atMost(LONG).until(() -> heard.latestIs(second));
      var third = Made.leaf();
      var over = Files.createDirectory(root.resolve("over"));
      Layout.PLAIN.put(over, 1, third);
      assertThat(mount("--bind", over.toString(), mounted.toString())).isTrue();

      // Then both are found
      await().atMost(LONG).until(() -> heard.latestIs(third));
    } finally {
      watch.close();
      run("umount", mounted.toString());
      run("umount", mounted.toString());
    }
  }

  private Made startWithPair(Look.Patience patience) throws IOException {
    var made = Made.leaf();
    Layout.PLAIN.put(root, 1, made);
    follow(root, NEVER, patience);
    await().atMost(LONG).until(() -> heard.latestIs(made));
    return made;
  }

  private void follow(Path folder, Duration poll, Look.Patience patience) {
    follow(ForeignSource.at(folder, Made.DOMAIN), poll, patience);
  }

  private void follow(ForeignSource source, Duration poll, Look.Patience patience) {
    watch =
        ForeignWatch.start(
            source, List.of(Made.DOMAIN), poll, new PemImport(Clock.systemUTC()), heard, patience);
  }

  private static boolean mount(String... arguments) throws Exception {
    var command = new java.util.ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
