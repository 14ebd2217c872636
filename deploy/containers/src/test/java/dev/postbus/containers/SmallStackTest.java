package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All in one container of 640 MB. */
class SmallStackTest {
  private static Compose stack;

  @BeforeAll
  static void start() throws Exception {
    Images.build();
    stack = new Compose("postbus-test-small", "compose.small.yaml");
    stack.remove();
    stack.up();
  }

  @AfterAll
  static void stop() throws Exception {
    if (stack != null) {
      stack.remove();
    }
  }

  @Test
  void carriesMailWithinItsMemoryAndRights() throws Exception {
    var sender = Account.fresh(Compose.DOMAIN);
    var receiver = Account.fresh(Compose.DOMAIN);
    var container = stack.inspect("relay");
    Hardening.check(
        container,
        Set.of("SETUID", "SETGID", "CHOWN", "FOWNER", "DAC_OVERRIDE", "KILL", "SYS_CHROOT"));
    assertThat(container.at("/HostConfig/Memory").asLong()).isEqualTo(640L << 20);

    ImapSession.logIn(stack.target(), receiver).close();
    try (var smtp = SmtpSession.logIn(stack.target(), sender)) {
      smtp.send(
          receiver.address(), new SealedMessage(1000).bytes(sender.address(), receiver.address()));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              try (var imap = ImapSession.logIn(stack.target(), receiver)) {
                imap.select();
                return imap.countMessages() == 1;
              }
            });
    assertThat(stack.postbus("relay", "status").succeeded().output()).contains("is ready");
  }
}
