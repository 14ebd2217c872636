package dev.postbus.bench.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedMessageTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3_000, 100_000})
  void isSafeToSendAsItIs(int payloadBytes) {
    // When a message is made
    var bytes = new SealedMessage(payloadBytes).bytes("from@a", "to@b");

    // Then SMTP needs no change to it, and it has the size that was asked for
    var lines = new String(bytes, StandardCharsets.US_ASCII).split("\r\n", -1);
    assertThat(lines).noneMatch(line -> line.startsWith(".") || line.length() > 998);
    assertThat(lines).doesNotContain("\n").contains("From: <from@a>", "To: <to@b>");
    assertThat(bytes.length).isBetween(payloadBytes * 4 / 3, payloadBytes * 15 / 10 + 1_500);
  }

  @Test
  void eachHasItsOwnId() {
    var sealed = new SealedMessage(10);

    assertThat(sealed.bytes("a@a", "b@b")).isNotEqualTo(sealed.bytes("a@a", "b@b"));
  }
}
