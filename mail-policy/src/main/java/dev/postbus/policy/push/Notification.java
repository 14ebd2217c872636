package dev.postbus.policy.push;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A device that has to be woken up.
 *
 * @param address whose device it is
 * @param token what names the device to the notification server
 * @param since when the newest mail came that it has to hear of
 */
record Notification(String address, String token, Instant since) {
  private static final int ID_BYTES = 16;

  /** Names the device: the same for every notification of it. */
  String id() {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((address + "\n" + token).getBytes(StandardCharsets.ISO_8859_1));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether a file's name has the form of an id. */
  static boolean isId(String name) {
    return name.matches("[0-9a-f]{32}");
  }

  /** Three lines: Unix seconds, address, token. */
  byte[] written() {
    return (since.getEpochSecond() + "\n" + address + "\n" + token + "\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Reads what was written, if it is whole and the one with that id. */
  static Optional<Notification> read(byte[] bytes, String id) {
    var lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty() || !lines[0].matches("\\d{1,12}")) {
      return Optional.empty();
    }
    try {
      var since = Instant.ofEpochSecond(Long.parseLong(lines[0]));
      return Optional.of(new Notification(lines[1], lines[2], since))
          .filter(notification -> notification.id().equals(id));
    } catch (DateTimeException outOfRange) {
      return Optional.empty();
    }
  }
}
