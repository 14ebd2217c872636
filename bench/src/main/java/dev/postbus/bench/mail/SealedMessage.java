package dev.postbus.bench.mail;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A message that looks like an encrypted one from outside, as a relay demands: in truth nobody can
 * open it. Its bytes do not compress, as those of real ones do not.
 */
public final class SealedMessage {
  private static final String BOUNDARY = "bench-boundary";
  private static final String ID_DOMAIN = "@bench.invalid";
  private static final Pattern ID =
      Pattern.compile(
          "^Message-ID: <(\\d{1,18})" + ID_DOMAIN + ">",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final int SESSION_KEY_BYTES = 94;
  private static final AtomicLong serial = new AtomicLong(System.nanoTime());

  private final byte[] body;

  /**
   * Seals once, for any number of messages.
   *
   * @param payloadBytes size of the sealed data; the message is a good third larger
   */
  public SealedMessage(int payloadBytes) {
    var packets = packets(payloadBytes);
    var armor =
        String.join(
            "\r\n",
            "--" + BOUNDARY,
            "Content-Type: application/pgp-encrypted",
            "Content-Description: PGP/MIME version identification",
            "",
            "Version: 1",
            "",
            "--" + BOUNDARY,
            "Content-Type: application/octet-stream; name=\"encrypted.asc\"",
            "Content-Disposition: inline; filename=\"encrypted.asc\"",
            "",
            "-----BEGIN PGP MESSAGE-----",
            "",
            Base64.getMimeEncoder().encodeToString(packets),
            "=" + Base64.getEncoder().encodeToString(crc24(packets)),
            "-----END PGP MESSAGE-----",
            "",
            "--" + BOUNDARY + "--");
    body = armor.getBytes(StandardCharsets.US_ASCII);
  }

  /** The message for these two, with a Message-ID of its own; no end of line at the end. */
  public byte[] bytes(String from, String to) {
    return bytes(from, to, serial.incrementAndGet());
  }

  /**
   * The message for these two; no end of line at the end.
   *
   * @param id makes the Message-ID, and is what {@link ImapSession#letters} tells of it
   */
  public byte[] bytes(String from, String to, long id) {
    var head =
        String.join(
            "\r\n",
            "From: <" + from + ">",
            "To: <" + to + ">",
            // The one subject that even old filters know as that of an encrypted message.
            "Subject: [...]",
            "Date: Tue, 24 Nov 2026 12:00:00 +0000",
            "Message-ID: <" + id + ID_DOMAIN + ">",
            "Chat-Version: 1.0",
            "MIME-Version: 1.0",
            "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";",
            " boundary=\"" + BOUNDARY + "\"",
            "",
            "");
    var message = new ByteArrayOutputStream(head.length() + body.length);
    message.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    message.writeBytes(body);
    return message.toByteArray();
  }

  /** The id of a message as it arrived; empty if it is none of these. */
  static OptionalLong idOf(byte[] message) {
    var match = ID.matcher(new String(message, StandardCharsets.ISO_8859_1));
    return match.find() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
  }

  /** A session key packet and one of integrity-protected data (RFC 9580), filled with noise. */
  private static byte[] packets(int payloadBytes) {
    var noise = new Random(payloadBytes);
    var key = new byte[SESSION_KEY_BYTES];
    var data = new byte[Math.max(1, payloadBytes)];
    noise.nextBytes(key);
    noise.nextBytes(data);
    key[0] = 3;
    data[0] = 1;
    return ByteBuffer.allocate(2 + key.length + 6 + data.length)
        .put((byte) 0xc1)
        .put((byte) key.length)
        .put(key)
        .put((byte) 0xd2)
        .put((byte) 0xff)
        .putInt(data.length)
        .put(data)
        .array();
  }

  /** The armor's checksum (RFC 9580 section 6.1.1): new relays ignore it, old ones want a line. */
  private static byte[] crc24(byte[] bytes) {
    int crc = 0xb704ce;
    for (var b : bytes) {
      crc ^= (b & 0xff) << 16;
      for (int i = 0; i < 8; i++) {
        crc <<= 1;
        if ((crc & 0x1000000) != 0) {
          crc ^= 0x1864cfb;
        }
      }
    }
    return new byte[] {(byte) (crc >> 16), (byte) (crc >> 8), (byte) crc};
  }
}
