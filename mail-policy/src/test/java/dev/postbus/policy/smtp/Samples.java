package dev.postbus.policy.smtp;

import java.nio.ByteBuffer;
import java.util.Base64;

/** Messages for tests. */
final class Samples {
  static final String ALICE = "alice1234@relay.test";
  static final String BOB = "bob123456@relay.test";
  static final String CLEARTEXT = "From: <" + ALICE + ">\r\n\r\nhello\r\n";
  static final String ENCRYPTED = encrypted("wQMBAgPSBGRhdGE=");

  private Samples() {}

  static String encrypted(String base64) {
    return "From: <"
        + ALICE
        + ">\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
        + "--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n"
        + base64
        + "\r\n-----END PGP MESSAGE-----\r\n\r\n--b--\r\n";
  }

  /** An encrypted message of about so many bytes. */
  static String encryptedOf(int bytes) {
    var lines = Math.max(1, bytes / 78);
    var length = lines * 57 - 11;
    var packets = ByteBuffer.allocate(11 + length);
    packets.put(new byte[] {(byte) 0xc1, 3, 1, 2, 3, (byte) 0xd2, (byte) 255}).putInt(length);
    return encrypted(Base64.getMimeEncoder().encodeToString(packets.array()));
  }
}
