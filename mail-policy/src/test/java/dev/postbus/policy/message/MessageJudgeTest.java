package dev.postbus.policy.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MessageJudgeTest {
  private static final byte[] SESSION_KEY = {(byte) 0xc1, 3, 1, 2, 3};
  private static final byte[] PASSWORD_KEY = {(byte) 0xc3, 2, 1, 2};
  private static final byte[] DATA = {(byte) 0xd2, 4, 'd', 'a', 't', 'a'};
  private static final byte[] DATA_IN_PARTS = {(byte) 0xd2, (byte) 0xe1, 'a', 'b', 1, 'c'};
  private static final byte[] OLD_FORMAT = {(byte) 0x84, 3, 1, 2, 3};
  private static final byte[] LITERAL = {(byte) 0xcb, 2, 'h', 'i'};

  @Test
  void knowsEncryptedMessages() throws IOException {
    assertKind(encrypted(armor(SESSION_KEY, DATA)), MessageKind.ENCRYPTED);
    assertKind(encrypted(armor(PASSWORD_KEY, DATA)), MessageKind.ENCRYPTED);
    assertKind(encrypted(armor(SESSION_KEY, PASSWORD_KEY, DATA)), MessageKind.ENCRYPTED);
    assertKind(encrypted(armor(SESSION_KEY, DATA_IN_PARTS)), MessageKind.ENCRYPTED);
  }

  @Test
  void refusesPacketsThatAreNotThoseOfAnEncryptedMessage() throws IOException {
    assertKind(encrypted(armor(SESSION_KEY)), MessageKind.CLEARTEXT);
    assertKind(encrypted(armor(LITERAL)), MessageKind.CLEARTEXT);
    assertKind(encrypted(armor(OLD_FORMAT, DATA)), MessageKind.CLEARTEXT);
    assertKind(encrypted(armor(SESSION_KEY, DATA, LITERAL)), MessageKind.CLEARTEXT);
    assertKind(
        encrypted(armor(SESSION_KEY, new byte[] {(byte) 0xd2, 40, 1})), MessageKind.CLEARTEXT);
  }

  @Test
  void theChecksumMayBeRightWrongOrMissing() throws IOException {
    var lines = armor(SESSION_KEY, DATA);
    for (var checksum : new String[] {"=twTO\r\n", "=AAAA\r\n", ""}) {
      var armor = lines.replace("-----END", checksum + "-----END");
      assertKind(encrypted(armor), MessageKind.ENCRYPTED);
    }
  }

  @Test
  void nothingMayStandAroundTheArmor() throws IOException {
    var armor = armor(SESSION_KEY, DATA);
    assertKind(encrypted("hello\r\n" + armor), MessageKind.CLEARTEXT);
    assertKind(encrypted(armor + "hello\r\n"), MessageKind.CLEARTEXT);
    assertKind(encrypted(armor.replace("-----END PGP MESSAGE-----", "")), MessageKind.CLEARTEXT);
    assertKind(encrypted(armor.replace("MESSAGE", "SIGNATURE")), MessageKind.CLEARTEXT);
    assertKind(encrypted("hello\r\n"), MessageKind.CLEARTEXT);
    for (var words :
        new String[] {"=hello everybody\r\n", "=abcd\r\n=abcd\r\n", "=\u00e4bcd\r\n"}) {
      assertKind(encrypted(armor.replace("-----END", words + "-----END")), MessageKind.CLEARTEXT);
    }
    assertKind(encrypted(armor.replace("-----END", "aGVsbG8=\r\n-----END")), MessageKind.CLEARTEXT);
    assertKind(
        encrypted(armor.replace("MESSAGE-----\r", "MESSAGE-----  \r")), MessageKind.CLEARTEXT);
  }

  @Test
  void aCommentIsRefusedFromOwnUsersOnly() throws IOException {
    var commented =
        encrypted(
            armor(SESSION_KEY, DATA).replace("-----\r\n\r\n", "-----\r\nComment: hi\r\n\r\n"));

    for (var header : new String[] {"Comment: ", "Version: "}) {
      var message = commented.replace("Comment: ", header);
      assertThat(judge(message, true).kind()).isEqualTo(MessageKind.CLEARTEXT);
      assertThat(judge(message, false).kind()).isEqualTo(MessageKind.ENCRYPTED);
    }
  }

  @Test
  void theStructureMustBeExact() throws IOException {
    var good = encrypted(armor(SESSION_KEY, DATA));
    assertKind(good.replace("Version: 1", "Version: 2"), MessageKind.CLEARTEXT);
    assertKind(
        good.replace("application/pgp-encrypted\r\n", "text/plain\r\n"), MessageKind.CLEARTEXT);
    assertKind(good.replace("application/octet-stream", "text/plain"), MessageKind.CLEARTEXT);
    assertKind(good.replace("multipart/encrypted", "multipart/mixed"), MessageKind.CLEARTEXT);
    assertKind(
        good.replace("--b--", "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--"),
        MessageKind.CLEARTEXT);
    assertKind(good.replaceFirst("\r\n\r\n--b", "\r\n\r\nhello\r\n--b"), MessageKind.CLEARTEXT);
    assertKind(good + "hello\r\n", MessageKind.CLEARTEXT);
    assertKind(
        good.replaceFirst("Content-Type", "Content-Type: text/plain\r\nContent-Type"),
        MessageKind.CLEARTEXT);
    assertKind(good.replace("--b--", "--b and words\r\n--b--"), MessageKind.CLEARTEXT);
    assertKind(
        good.replace("application/octet-stream", "multipart/mixed; boundary=c"),
        MessageKind.CLEARTEXT);
  }

  @Test
  void knowsSecureJoinRequests() throws IOException {
    var request = "From: a@b.c\r\nSecure-Join: vc-request\r\nContent-Type: %s\r\n\r\n%s\r\n";

    assertKind(
        request.formatted("text/plain", "Secure-Join: vc-request"),
        MessageKind.SECURE_JOIN_REQUEST);
    assertKind(
        request.replace("vc-", "vg-").formatted("text/plain", "secure-join: vg-request"),
        MessageKind.SECURE_JOIN_REQUEST);
    assertKind(
        request.formatted("text/plain", "secure-join: vc-request and more"), MessageKind.CLEARTEXT);
    assertKind(request.formatted("text/html", "secure-join: vc-request"), MessageKind.CLEARTEXT);
    assertKind(
        "From: a@b.c\r\nSecure-Join: vc-auth\r\n\r\nsecure-join: vc-auth\r\n",
        MessageKind.CLEARTEXT);
  }

  @Test
  void readsWhoItIsFrom() throws IOException {
    assertThat(judge("From: Alice <a@b.c>\r\n\r\nhi", true).from()).containsExactly("a@b.c");
    assertThat(judge("From: a@b.c\r\nFrom: d@e.f\r\n\r\nhi", true).from())
        .containsExactly("a@b.c", "d@e.f");
    assertThat(judge("From: a@b.c, d@e.f\r\n\r\nhi", true).from()).hasSize(2);
    assertThat(judge("Subject: none\r\n\r\nhi", true).from()).isEmpty();
    assertThat(judge("From: ,;<>@\r\n\r\nhi", true).from()).doesNotContain("a@b.c");
    assertThat(judge("From: <u@[1.2.3.4]>\r\n\r\nhi", true).from()).containsExactly("u@[1.2.3.4]");
  }

  @Test
  void knowsReportsAndSetupMessages() throws IOException {
    var report =
        judge(
            "From: MAILER-DAEMON@x.y\r\nAuto-Submitted: auto-replied\r\n"
                + "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
            false);
    assertThat(report.kind()).isEqualTo(MessageKind.REPORT);
    assertThat(report.autoSubmitted()).isTrue();

    assertKind(
        "From: a@b.c\r\nSubject: Autocrypt Setup Message\r\n"
            + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
        MessageKind.AUTOCRYPT_SETUP);
  }

  @Property(tries = 300)
  void anyBytesAreJudgedWithoutAnError(@ForAll @Size(max = 2000) byte[] bytes) throws IOException {
    assertThat(MessageJudge.judge(new ByteArrayInputStream(bytes), true)).isNotNull();
  }

  @Property(tries = 300)
  void anyArmoredBytesAreJudgedWithoutAnError(@ForAll @Size(max = 300) byte[] packets)
      throws IOException {
    assertThat(judge(encrypted(armor(packets)), true)).isNotNull();
  }

  @Test
  void deepNestingAndManyPartsAreRefusedInBoundedTime() throws IOException {
    var nested = new StringBuilder("From: a@b.c\r\n");
    for (int i = 0; i < 1000; i++) {
      nested.append("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n".formatted(i, i));
    }
    assertKind(nested.toString(), MessageKind.CLEARTEXT);
    var parts = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000);
    assertKind(
        "From: a@b.c\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n" + parts + "--b--",
        MessageKind.CLEARTEXT);
  }

  private static void assertKind(String message, MessageKind kind) throws IOException {
    assertThat(judge(message, true).kind())
        .as(message.substring(0, Math.min(400, message.length())))
        .isEqualTo(kind);
  }

  private static Judgement judge(String message, boolean outgoing) throws IOException {
    var bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    return MessageJudge.judge(new ByteArrayInputStream(bytes), outgoing);
  }

  private static String armor(byte[]... packets) {
    var all = new ByteArrayOutputStream();
    for (var packet : packets) {
      all.writeBytes(packet);
    }
    return "-----BEGIN PGP MESSAGE-----\r\n\r\n"
        + Base64.getMimeEncoder().encodeToString(all.toByteArray())
        + "\r\n-----END PGP MESSAGE-----\r\n";
  }

  private static String encrypted(String armor) {
    return "From: a@b.c\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
        + "--b\r\nContent-Type: application/octet-stream\r\n\r\n"
        + armor
        + "\r\n--b--\r\n";
  }
}
