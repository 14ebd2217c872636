package dev.postbus.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateStoreTest {
  private static final List<String> NAMES = List.of("_relay.test");
  private static final List<MadePair> pairs = new ArrayList<>();

  @TempDir static Path pairFolder;
  @TempDir Path folder;
  private CertificateStore store;

  @BeforeAll
  static void makePairs() throws Exception {
    for (int i = 0; i < 8; i++) {
      var one = Files.createDirectory(pairFolder.resolve("" + i));
      pairs.add(MadePair.ec(one, "DNS:_relay.test"));
    }
  }

  @BeforeEach
  void prepare() {
    store = new CertificateStore(folder);
    store.prepare();
  }

  @Test
  void aWrittenGenerationIsNamedByItsFingerprintAndItsKeyIsForTheOwnerOnly() throws IOException {
    var stored = write(0);

    assertThat(stored.folder())
        .isEqualTo(folder.resolve("generations").resolve(stored.fingerprint()));
    assertThat(stored.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(mode(stored.folder())).isEqualTo("rwx------");
    assertThat(mode(stored.privateKey())).isEqualTo("rw-------");
    assertThat(mode(stored.chainAndKey())).isEqualTo("rw-------");
    assertThat(mode(stored.fullChain())).startsWith("rw-").doesNotContain("w--w", "x");
    assertThat(Files.readString(stored.chainAndKey()))
        .isEqualTo(Files.readString(stored.privateKey()) + Files.readString(stored.fullChain()));
    assertThat(store.find(stored.fingerprint())).contains(stored);
  }

  @Test
  void aCertificateThatComesAgainWithAnotherChainIsAGenerationOfItsOwn() throws IOException {
    // Given a leaf alone that is in use
    var alone = write(0);
    store.switchLive(alone);
    var before = Files.readString(alone.fullChain());

    // When it comes with a further certificate, and once more
    var leaf = pairs.get(0).chain().getFirst();
    var longer = List.of(leaf, pairs.get(1).chain().getFirst());
    var second = store.write(longer, pairs.get(0).key());

    // Then it is beside the first, which daemons may be reading, and is what is found from now on
    assertThat(second.folder()).isNotEqualTo(alone.folder());
    assertThat(second.fingerprint()).isEqualTo(alone.fingerprint());
    assertThat(Files.readString(alone.fullChain())).isEqualTo(before);
    assertThat(store.find(alone.fingerprint()).orElseThrow().chain()).isEqualTo(longer);
    assertThat(store.write(longer, pairs.get(0).key())).isEqualTo(second);
    store.switchLive(second);
    assertThat(store.live()).contains(second);
  }

  @Test
  void nothingIsLiveUntilItIsSwitchedAndTheLinkIsRelative() throws IOException {
    var stored = write(0);
    assertThat(store.live()).isEmpty();

    store.switchLive(stored);

    assertThat(store.live()).contains(stored);
    var link = Files.readSymbolicLink(folder.resolve("live"));
    assertThat(link).isEqualTo(Path.of("generations", stored.fingerprint()));
  }

  @Test
  void aReaderThatMountsTheFolderElsewhereFindsTheSame(@TempDir Path elsewhere) throws IOException {
    var stored = write(0);
    store.switchLive(stored);
    var mounted = Files.createSymbolicLink(elsewhere.resolve("certs"), folder);

    assertThat(new CertificateStore(mounted).live())
        .hasValueSatisfying(
            live ->
                assertThat(live.folder())
                    .isEqualTo(mounted.resolve("generations").resolve(stored.fingerprint())));
  }

  @Test
  void writingTheSameGenerationAgainLeavesItAlone() throws IOException {
    var stored = write(0);
    var before = Files.readAttributes(stored.privateKey(), "unix:ino").get("ino");

    write(0);

    assertThat(Files.readAttributes(stored.privateKey(), "unix:ino").get("ino")).isEqualTo(before);
    assertThat(entries()).containsExactly(stored.fingerprint());
  }

  @Test
  void theLastFiveAreKeptAndTheLiveOneHoweverOldItIs() throws IOException {
    // Given eight generations, the oldest of which is the one to use
    var written = new ArrayList<StoredCertificate>();
    for (int i = 0; i < 8; i++) {
      var stored = write(i);
      Files.setLastModifiedTime(
          stored.folder(), FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i)));
      written.add(stored);
    }

    store.switchLive(written.getFirst());

    assertThat(entries())
        .containsExactlyInAnyOrder(
            written.get(0).fingerprint(),
            written.get(4).fingerprint(),
            written.get(5).fingerprint(),
            written.get(6).fingerprint(),
            written.get(7).fingerprint());
  }

  @Test
  void whatACrashLeftHalfWrittenOrHalfRemovedGoesAtTheNextStart() throws IOException {
    var stored = write(0);
    for (var leftover : List.of(".new-123", ".old-456")) {
      var half = Files.createDirectory(folder.resolve("generations").resolve(leftover));
      Files.writeString(half.resolve("privkey.pem"), "half");
    }

    store.prepare();

    assertThat(entries()).containsExactly(stored.fingerprint());
  }

  @Test
  void aWriterKilledAtAnyMomentLeavesOnlyWholeGenerationsAndAGoodLiveOne() throws Exception {
    for (int kill = 0; kill < 6; kill++) {
      // Given a writer that issues, switches and prunes without a pause
      var writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RestlessWriter.class.getName(),
                  folder.toString(),
                  pairFolder.toString())
              .redirectError(folder.resolve("writer-errors").toFile())
              .start();
      assertThat(writer.getInputStream().read()).as("it has begun").isEqualTo('.');

      // When it is killed somewhere
      writer.waitFor(ThreadLocalRandom.current().nextInt(120), TimeUnit.MILLISECONDS);
      assertThat(writer.destroyForcibly().waitFor()).isEqualTo(137);

      // Then whatever can be found is whole, and so is what is in use
      assertThat(store.live()).isPresent();
      for (var name : entries()) {
        if (!name.startsWith(".")) {
          assertThat(
                  CertificateCheck.problems(
                      store.find(name).orElseThrow(), NAMES, Clock.systemUTC()))
              .isEmpty();
        }
      }
      store.prepare();
      assertThat(entries()).allMatch(name -> name.matches("[0-9a-f]{64}")).hasSizeBetween(1, 6);
    }
  }

  @Test
  void aReaderNeverSeesHalfOfASwitch() throws Exception {
    store.switchLive(write(0));
    var switching =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    store.switchLive(write(i % 3));
                  }
                });
    var seen = 0;
    while (switching.isAlive()) {
      var live = store.live().orElseThrow();
      assertThat(CertificateCheck.problems(live, NAMES, Clock.systemUTC())).isEmpty();
      seen++;
    }
    assertThat(seen).isPositive();
  }

  @Test
  void waitsForAGenerationThatIsOnItsWayButNotForEver() throws Exception {
    var fingerprint = StoredCertificate.fingerprint(pairs.getFirst().chain().getFirst());
    assertThat(store.await(fingerprint, Duration.ofMillis(50))).isEmpty();

    var writing = Thread.ofPlatform().start(() -> write(0));

    assertThat(store.await(fingerprint, Duration.ofSeconds(10))).isPresent();
    writing.join();
  }

  @Test
  void aFingerprintThatIsNoneIsNotLookedUp() {
    assertThatThrownBy(() -> store.find("../../etc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../../etc");
  }

  private StoredCertificate write(int pair) {
    return store.write(pairs.get(pair).chain(), pairs.get(pair).key());
  }

  private List<String> entries() throws IOException {
    try (var list = Files.list(folder.resolve("generations"))) {
      return list.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }
}
