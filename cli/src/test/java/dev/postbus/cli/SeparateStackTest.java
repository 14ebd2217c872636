package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.deploy.local.Shape;
import org.junit.jupiter.api.Test;

/** The relay with a process a service. */
class SeparateStackTest extends LocalStackTest {
  SeparateStackTest() {
    super(Shape.SEPARATE);
  }

  @Test
  void mailFlowsAndDaemonsComeBackWithoutTheBus() throws Exception {
    // Given a third stack whose broker cannot start any more
    var third = stack("third");
    var thirdOffset = freeOffset(19_000);
    assertThat(up(third, thirdOffset).exitCode()).isZero();
    var alice = new MailUser(name(9) + "@" + DOMAIN, PASSWORD, thirdOffset);
    var dovecot = third.pidOf("dovecot");
    Runtime.getRuntime()
        .exec(new String[] {"/bin/kill", "-STOP", "" + third.pidOf("broker")})
        .waitFor();

    // When dovecot is killed, then it comes back, and mail goes through
    Runtime.getRuntime().exec(new String[] {"/bin/kill", "-9", "" + dovecot}).waitFor();
    await().atMost(LONG).until(() -> third.pidOf("dovecot") != dovecot && reachable(alice));
    assertThat(
            alice.send(
                587,
                alice.address(),
                alice.address(),
                Messages.encrypted(alice.address(), alice.address())))
        .startsWith("250");
    assertThat(third.run("down").exitCode()).isIn(0, 1);
  }
}
