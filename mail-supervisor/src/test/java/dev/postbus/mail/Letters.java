package dev.postbus.mail;

/** Messages of every kind that the filters know, as mail programs and servers write them. */
final class Letters {
  private Letters() {}

  /** Looks like OpenPGP from outside: a session key packet, then integrity-protected data. */
  static String encrypted(String from, String to) {
    return head(from, to, "[...]")
        + "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n"
        + "\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
        + "--b\r\nContent-Type: application/octet-stream\r\n\r\n"
        + "-----BEGIN PGP MESSAGE-----\r\n\r\nwQMBAgPSBGRhdGE=\r\n-----END PGP MESSAGE-----\r\n\r\n"
        + "--b--\r\n";
  }

  static String clear(String from, String to) {
    return head(from, to, "hello") + "\r\nreadable by all\r\n";
  }

  /** A request to become contacts: the only words that need no encryption. */
  static String secureJoin(String from, String to) {
    return head(from, to, "Message")
        + "Secure-Join: vc-request\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nsecure-join: vc-request\r\n"
        + "--b--\r\n";
  }

  /** A copy of one's own key for another device, under a password. */
  static String setup(String from, String to) {
    return head(from, to, "Autocrypt Setup Message")
        + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: application/autocrypt-setup\r\n\r\nkey\r\n--b--\r\n";
  }

  /** What a mail server writes that could not deliver. */
  static String report(String from, String to) {
    return head(from, to, "Undelivered")
        + "Auto-Submitted: auto-replied\r\n"
        + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        + "--b\r\n\r\nnobody is there\r\n--b--\r\n";
  }

  private static String head(String from, String to, String subject) {
    return "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\n"
            .formatted(from, to, subject)
        + "Message-ID: <"
        + System.nanoTime()
        + "@client.invalid>\r\nMIME-Version: 1.0\r\n";
  }
}
