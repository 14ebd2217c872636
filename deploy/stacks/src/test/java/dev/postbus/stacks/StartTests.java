package dev.postbus.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Starting and stopping, beside other stacks. */
interface StartTests extends RelayTests {
  @Test
  default void aSecondUpSaysThatItRuns() throws Exception {
    var again = cli().run("up", "--detach");

    assertThat(again.exitCode()).isZero();
    assertThat(again.output()).contains("is running already", LocalRelay.DOMAIN + " is ready");
  }

  @Test
  default void aVariableThatServicesWouldRefuseIsRefusedFirst() throws Exception {
    var other = relay().stack("odd").with(Map.of("POSTBUS_TRACES", "yes"));

    var refused = other.run("up", "--detach");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains("POSTBUS_TRACES must be 'on' or 'off', not 'yes'");
  }

  @Test
  default void aTakenPortIsNamedWithItsHolder() throws Exception {
    var other = relay().stack("clash");

    var clash = other.run("up", "--detach", "--port-offset", "" + offset());

    assertThat(clash.exitCode()).isEqualTo(1);
    assertThat(clash.output())
        .containsPattern(
            "port " + (25 + offset()) + " \\(SMTP\\) is taken by process \\d+ \\(master\\)");
  }

  @Test
  default void aStackComesBackAsItWasBesideAnotherOne() throws Exception {
    // Given a second stack beside the first, with an account and a changed configuration
    var second = relay().stack("second");
    var secondOffset = LocalRelay.freeOffset(16_000);
    var up = relay().up(second, secondOffset);
    assertThat(up.exitCode()).as(up.output()).isZero();
    var user =
        new MailUser(
            LocalRelay.name(9) + "@" + LocalRelay.DOMAIN, LocalRelay.PASSWORD, secondOffset);
    assertThat(user.canLogIn()).isTrue();
    assertThat(
            user.send(
                465,
                user.address(),
                user.address(),
                Messages.encrypted(user.address(), user.address())))
        .startsWith("250");
    second.run("config", "set", "delete_mails_after", "33");
    var certificate = second.run("cert", "show").output();
    var events = second.events().size();
    var pids = processesOf(second.status());

    // When it is stopped and started again
    assertThat(second.run("down").exitCode()).isZero();
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(second.run("up", "--detach").exitCode()).isZero();

    // Then everything is there, and the first one never noticed
    assertThat(user.canLogIn()).isTrue();
    assertThat(new MailUser(user.address(), "password2", secondOffset).canLogIn()).isFalse();
    try (var imap = user.imap()) {
      imap.hearUntil("l OK");
      imap.say("s SELECT INBOX");
      assertThat(imap.hearUntil("s OK")).contains("* 1 EXISTS");
    }
    assertThat(second.run("config", "get", "delete_mails_after").output().strip()).isEqualTo("33");
    assertThat(second.run("cert", "show").output()).isEqualTo(certificate);
    assertThat(second.events("--type", "cert-changed")).hasSize(1);
    assertThat(second.events().size()).isGreaterThan(events);
    assertThat(second.run("down").exitCode()).isZero();
    assertThat(cli().status().path("ready").asBoolean()).isTrue();
  }

  @Test
  default void withoutATerminalItRunsUntilItIsStopped() throws Exception {
    // Given a stack whose command stays, with its output in a pipe
    var open = relay().stack("open");
    var openOffset = "" + LocalRelay.freeOffset(19_000);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var up =
          pool.submit(
              () ->
                  open.run("up", "--shape", relay().shape().label(), "--port-offset", openOffset));
      await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(() -> open.status().path("ready").asBoolean());

      // When it is stopped
      var down = open.run("down");

      // Then it was there until then, and its command says that it has ended
      assertThat(down.output()).contains("Stopped.");
      assertThat(up.get().output())
          .contains(LocalRelay.DOMAIN + " is ready", "Ctrl-C ends it.", "the stack has ended")
          .doesNotContain("unexpected");
    }
  }

  private static List<Long> processesOf(JsonNode status) {
    return ProcessHandle.of(status.path("pid").asLong())
        .orElseThrow()
        .descendants()
        .map(ProcessHandle::pid)
        .toList();
  }
}
