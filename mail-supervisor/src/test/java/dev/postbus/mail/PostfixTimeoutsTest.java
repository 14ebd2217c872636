package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostfixTimeoutsTest {
  private final PostfixTimeouts timeouts = new PostfixTimeouts();

  @Test
  void aClientThatDoesNotAnswerCounts() {
    timeouts.line(
        MailDaemons.POSTFIX,
        "Nov 25 08:00:00 vm postfix/submission/smtpd[12]: timeout after DATA from unknown[::1]");

    assertThat(timeouts.count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "]: ",
        "timeout after DATA from unknown[::1]",
        "Nov 25 08:00:00 vm postfix/smtpd[12]: timeout",
        "Nov 25 08:00:00 vm postfix/smtpd[12]: warning: non-SMTP command: x]: timeout after y",
      })
  void otherLinesAndWhatAClientWritesDoNot(String line) {
    timeouts.line(MailDaemons.POSTFIX, line);

    assertThat(timeouts.count()).isZero();
  }

  @Test
  void otherDaemonsDoNot() {
    timeouts.line(MailDaemons.DOVECOT, "imap-login[1]: timeout after a while");

    assertThat(timeouts.count()).isZero();
  }
}
