package dev.postbus.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import dev.postbus.bench.mail.ImapSession;
import dev.postbus.bench.mail.SealedMessage;
import dev.postbus.bench.mail.SmtpSession;
import dev.postbus.testing.InTurn;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All in one container of 640 MB. */
@ExtendWith(InTurn.class)
class SmallStackTest {
  @RegisterExtension
  static final Compose stack = new Compose("postbus-test-small", "compose.small.yaml");

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
