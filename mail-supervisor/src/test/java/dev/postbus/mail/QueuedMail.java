package dev.postbus.mail;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** A message in Postfix's queue that could not be delivered yet, and can be made older. */
final class QueuedMail {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String CREATED = "create_time=";

  private final RunningMail relay;
  private final Pattern deferral;
  private final String id;

  private QueuedMail(RunningMail relay, Pattern deferral, String id) {
    this.relay = relay;
    this.deferral = deferral;
    this.id = id;
  }

  /** Waits for the one message to a recipient until it is put off. */
  static QueuedMail to(String recipient, RunningMail relay) {
    var deferral =
        Pattern.compile("]: (\\w+): to=<" + Pattern.quote(recipient) + ">.* status=deferred");
    await().atMost(LONG).until(() -> deferrals(relay, deferral) > 0);
    var id =
        relay.lines().stream()
            .flatMap(line -> deferral.matcher(line).results())
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    return new QueuedMail(relay, deferral, id);
  }

  /** Lets it be one that came so long ago. */
  void hasWaited(Duration age) throws IOException {
    // It may be on its way back from the try that was heard of.
    var file = await().atMost(LONG).until(this::deferred, Optional::isPresent).orElseThrow();
    var content = Files.readString(file, StandardCharsets.ISO_8859_1);
    try (var queued = new RandomAccessFile(file.toFile(), "rw")) {
      queued.seek(content.indexOf(CREATED) + CREATED.length());
      queued.writeBytes("" + Instant.now().minus(age).getEpochSecond());
    }
  }

  /** Has it tried now; returns when that has failed again. */
  void isTriedInVain() throws IOException, InterruptedException {
    var before = deferrals(relay, deferral);
    isTried();
    await().atMost(LONG).until(() -> deferrals(relay, deferral) > before);
  }

  /** Has it tried now; returns when it is gone. */
  void isTriedForTheLastTime() throws IOException, InterruptedException {
    isTried();
    await()
        .atMost(LONG)
        .until(
            () -> relay.lines().stream().anyMatch(line -> line.endsWith("]: " + id + ": removed")));
  }

  /** Whether Postfix has said that it has waited for too long. */
  boolean expired(String sender) {
    var words = "]: %s: from=<%s>, status=expired, returned to sender".formatted(id, sender);
    return relay.lines().stream().anyMatch(line -> line.endsWith(words));
  }

  private void isTried() throws IOException, InterruptedException {
    var config = relay.settings().rendered().resolve("current/postfix").toString();
    var flush =
        new ProcessBuilder("/usr/sbin/postqueue", "-c", config, "-i", id).inheritIO().start();
    if (flush.waitFor() != 0) {
      throw new IOException("postqueue -i " + id + " has failed");
    }
  }

  private Optional<Path> deferred() throws IOException {
    try (var files = Files.walk(relay.settings().queue().resolve("deferred"))) {
      return files.filter(file -> file.endsWith(id)).findFirst();
    }
  }

  private static long deferrals(RunningMail relay, Pattern deferral) {
    return relay.lines().stream().filter(line -> deferral.matcher(line).find()).count();
  }
}
