package dev.postbus.stacks;

import java.util.Base64;

/** Messages as a mail program would send them. */
final class Messages {
  private Messages() {}

  /** Looks like OpenPGP from outside: a session key packet, then integrity-protected data. */
  static String encrypted(String from, String to) {
    var packets = new byte[] {(byte) 0xc1, 2, 1, 2, (byte) 0xd2, 5, 'h', 'e', 'l', 'l', 'o'};
    return String.join(
        "\r\n",
        "Received: from my-phone.example (192.0.2.1)",
        "From: <" + from + ">",
        "To: <" + to + ">",
        "Subject: what it is about",
        "User-Agent: a client",
        "Message-ID: <" + System.nanoTime() + "@client.invalid>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
        "",
        "--b",
        "Content-Type: application/pgp-encrypted",
        "",
        "Version: 1",
        "",
        "--b",
        "Content-Type: application/octet-stream",
        "",
        "-----BEGIN PGP MESSAGE-----",
        "",
        Base64.getEncoder().encodeToString(packets),
        "-----END PGP MESSAGE-----",
        "",
        "--b--");
  }

  static String clear(String from) {
    return "From: <" + from + ">\r\nSubject: hello\r\n\r\nreadable by all";
  }
}
