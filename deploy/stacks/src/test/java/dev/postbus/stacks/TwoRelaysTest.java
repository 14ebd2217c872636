package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.realclient.Core;
import dev.postbus.realclient.CoreAccount;
import dev.postbus.realclient.CoreEvent;
import dev.postbus.realclient.Login;
import dev.postbus.realclient.RealCore;
import dev.postbus.testing.InTurn;
import dev.postbus.testing.IslandRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Relays that exchange mail, as Delta Chat's own core sees it: an account at each of two. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InTurn.class)
class TwoRelaysTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Pattern KEY = Pattern.compile("(?m)^opendkim\\._domainkey\\S* .*\n");

  private Path folder;
  private TwoRelays relays;
  private Core phone;
  private Core laptop;
  private CoreAccount alice;
  private CoreAccount bob;
  private int withBob;
  private int withAlice;

  @BeforeAll
  void start() throws Exception {
    assertThat(RealCore.program()).isNotEmpty();
    // What the environment names in it has to be seen by the services.
    var open = PosixFilePermissions.fromString("rwxr-xr-x");
    folder = Files.createTempDirectory("postbus-", PosixFilePermissions.asFileAttribute(open));
    try {
      relays = TwoRelays.start(folder);
    } catch (IslandRefused e) {
      Assumptions.abort("two relays that exchange mail: " + e.getMessage());
    }
    phone = RealCore.startOn(relays.island());
    laptop = RealCore.startOn(relays.island());
    // By a relay's name alone; the core trusts one whose name begins so without an authority.
    alice = CoreAccount.scan(phone, "DCACCOUNT:" + TwoRelays.SELF_SIGNED);
    // The core trusts only authorities that it brings along, so that there is no code for this one.
    bob =
        CoreAccount.open(
            laptop,
            new Login(
                LocalRelay.name(9) + "@" + TwoRelays.VOUCHED_FOR,
                LocalRelay.PASSWORD,
                TwoRelays.VOUCHED_FOR,
                993,
                465));
    alice.awaitIdle();
    bob.awaitIdle();
    withBob = alice.join(bob);
    withAlice = said(alice, withBob, "Hello over there", bob);
  }

  @AfterAll
  void stop() throws Exception {
    for (var one : new AutoCloseable[] {phone, laptop, relays}) {
      if (one != null) {
        one.close();
      }
    }
    if (folder != null) {
      LocalRelay.remove(folder);
    }
  }

  @Test
  void peopleOfTwoRelaysWriteToEachOther() throws Exception {
    assertThat(alice.address()).endsWith("@" + TwoRelays.SELF_SIGNED);
    assertThat(said(bob, withAlice, "Hello to you", alice)).isEqualTo(withBob);
    assertThat(said(alice, withBob, "So it works", bob)).isEqualTo(withAlice);
  }

  @Test
  void theCoreFindsAllItNeedsByAnAddressAlone() throws Exception {
    var mark = laptop.events().mark();

    var carol =
        CoreAccount.open(
            laptop,
            Login.byAddress(LocalRelay.name(9) + "@" + TwoRelays.VOUCHED_FOR, LocalRelay.PASSWORD));

    // Then it has taken what the relay says to mail programs, as it looked nowhere else after it
    var asked =
        laptop.events().since(mark).stream()
            .filter(event -> event.is(carol.number(), "Info"))
            .map(CoreEvent::text)
            .filter(text -> text.contains("Fetching \""))
            .toList();
    assertThat(asked).isNotEmpty();
    assertThat(asked.getLast())
        .contains(
            "https://" + TwoRelays.VOUCHED_FOR + "/.well-known/autoconfig/mail/config-v1.1.xml");
  }

  @Test
  void whatIsSignedWithAKeyThatIsNotInDnsComesBack() throws Exception {
    var key = KEY.matcher(relays.recordsOf(TwoRelays.SELF_SIGNED));
    assertThat(key.find()).isTrue();

    assertRefused((domain, records) -> KEY.matcher(records).replaceAll(""), "Nobody vouches");
  }

  @Test
  void whatIsSignedWithAnotherKeyThanThatInDnsComesBack() throws Exception {
    var other = KEY.matcher(relays.recordsOf(TwoRelays.VOUCHED_FOR));
    assertThat(other.find()).isTrue();
    var foreign = other.group().replace(TwoRelays.VOUCHED_FOR, TwoRelays.SELF_SIGNED);

    assertRefused(
        (domain, records) ->
            domain.equals(TwoRelays.SELF_SIGNED)
                ? KEY.matcher(records).replaceAll(foreign)
                : records,
        "Somebody else vouches");
  }

  /** With such records a text comes back, and the next one with the right records goes through. */
  private void assertRefused(BinaryOperator<String> change, String text) throws Exception {
    var forBob = bob.events().mark();
    var before = refusals();
    relays.serveNames(change);
    try {
      alice.send(withBob, text);
      await().atMost(LONG).until(() -> refusals() == before + 1);
    } finally {
      relays.serveNames((domain, records) -> records);
    }

    said(alice, withBob, "After: " + text, bob);
    for (var event : bob.events().since(forBob)) {
      if (event.is(bob.number(), "IncomingMsg")) {
        assertThat(bob.message(event.number("msgId")).path("text").asText()).isNotEqualTo(text);
      }
    }
  }

  /** How often the other relay has refused mail of this one, which told its sender. */
  private long refusals() throws IOException {
    return relays.linesOf(TwoRelays.SELF_SIGNED).stream()
        .filter(line -> line.contains("to=<" + bob.address() + ">"))
        .filter(line -> line.contains("status=bounced"))
        .filter(line -> line.contains("said: 554 5.7.1 No valid DKIM signature found"))
        .count();
  }

  /** Sends, and waits for it on the other side; the chat that it is in there. */
  private static int said(CoreAccount from, int chat, String text, CoreAccount to)
      throws IOException, InterruptedException {
    var mark = to.events().mark();
    from.send(chat, text);
    return to.received(mark, text).path("chatId").asInt();
  }
}
