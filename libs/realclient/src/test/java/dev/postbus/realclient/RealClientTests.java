package dev.postbus.realclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people do with a relay, done with Delta Chat's own core: three of them, on two devices, each
 * with an account by the relay's code; the first has scanned the codes of the other two.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RealClientTests {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int FIVE_MEGABYTES = 5 << 20;
  // Of the states of a message, which the core numbers.
  private static final int DELIVERED = 26;
  private static final int READ = 28;

  private final Callable<String> code;
  private Core phone;
  private Core laptop;
  private CoreAccount alice;
  private CoreAccount bob;
  private CoreAccount carol;
  private int withBob;
  private int withCarol;

  /** Tests of a relay, given how its next code for an account is had. */
  protected RealClientTests(Callable<String> code) {
    this.code = code;
  }

  @BeforeAll
  void meet() throws Exception {
    phone = RealCore.start();
    laptop = RealCore.start();
    alice = CoreAccount.scan(phone, code.call());
    bob = CoreAccount.scan(laptop, code.call());
    carol = CoreAccount.scan(laptop, code.call());
    for (var person : List.of(alice, bob, carol)) {
      person.awaitIdle();
    }
    withBob = alice.join(bob);
    withCarol = alice.join(carol);
  }

  @AfterAll
  void part() throws Exception {
    for (var core : new Core[] {phone, laptop}) {
      if (core != null) {
        core.close();
      }
    }
  }

  @Test
  void encryptedTextsGoBothWays() throws Exception {
    var to = arrived(alice, withBob, "Are you there?", bob);
    var back = arrived(bob, to.path("chatId").asInt(), "I am.", alice);

    assertThat(to.path("showPadlock").asBoolean()).isTrue();
    assertThat(back.path("showPadlock").asBoolean()).isTrue();
    assertThat(back.path("chatId").asInt()).isEqualTo(withBob);
  }

  @Test
  void aFileOfFiveMegabytesArrivesWhole(@TempDir Path folder) throws Exception {
    var bytes = new byte[FIVE_MEGABYTES];
    new Random(1).nextBytes(bytes);
    var file = Files.write(folder.resolve("noise.bin"), bytes);
    var mark = bob.events().mark();

    alice.send(withBob, "Listen to this", file);

    var message = bob.received(mark, "Listen to this").path("id").asInt();
    await().atMost(LONG).until(() -> fileOf(bob.message(message)).length() > 0);
    assertThat(Path.of(fileOf(bob.message(message)))).hasBinaryContent(bytes);
  }

  private static String fileOf(JsonNode message) {
    return message.path("downloadState").asText().equals("Done")
        ? message.path("file").asText("")
        : "";
  }

  @Test
  void inAGroupOfThreeEverybodyHearsEverybody() throws Exception {
    // Given two others in a group, who do not know each other
    var group = alice.group("Three", List.of(withBob, withCarol));
    var forBob = bob.events().mark();
    var forCarol = carol.events().mark();
    alice.send(group, "Welcome");
    var seenByBob = bob.received(forBob, "Welcome").path("chatId").asInt();
    var seenByCarol = carol.received(forCarol, "Welcome").path("chatId").asInt();

    // When one of them writes
    var forAlice = alice.events().mark();
    carol.accept(seenByCarol);
    carol.send(seenByCarol, "Hello to both");

    // Then all have it, in the same group
    assertThat(alice.received(forAlice, "Hello to both").path("chatId").asInt()).isEqualTo(group);
    assertThat(bob.received(forBob, "Hello to both").path("chatId").asInt()).isEqualTo(seenByBob);
    assertThat(List.of(alice.members(group), bob.members(seenByBob), carol.members(seenByCarol)))
        .containsOnly(3);
  }

  @Test
  void theSenderHearsThatAMessageWasRead() throws Exception {
    var forCarol = carol.events().mark();
    var sent = alice.send(withCarol, "Have you read it?");
    var received = carol.received(forCarol, "Have you read it?");
    assertThat(alice.message(sent).path("state").asInt()).isLessThan(READ);

    carol.accept(received.path("chatId").asInt());
    carol.read(received.path("id").asInt());

    await().atMost(LONG).until(() -> alice.message(sent).path("state").asInt() == READ);
  }

  @Test
  void whatItsSenderDeletesIsGoneForAll() throws Exception {
    var mark = bob.events().mark();
    var sent = alice.send(withBob, "Forget this");
    var received = bob.received(mark, "Forget this").path("id").asInt();
    await().atMost(LONG).until(() -> alice.message(sent).path("state").asInt() >= DELIVERED);

    alice.deleteForAll(sent);

    bob.await(mark, "MsgDeleted", event -> event.number("msgId") == received);
  }

  /** Sends, and waits for it on the other side. */
  private static JsonNode arrived(CoreAccount from, int chat, String text, CoreAccount to)
      throws Exception {
    var mark = to.events().mark();
    from.send(chat, text);
    return to.received(mark, text);
  }
}
