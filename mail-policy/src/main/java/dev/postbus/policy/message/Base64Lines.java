package dev.postbus.policy.message;

import java.util.Arrays;

/**
 * Decodes base 64 (RFC 4648 section 4) line by line, strictly: no other characters, padding at the
 * end only. What the packets' walk passes over is checked but not decoded.
 */
final class Base64Lines {
  private static final byte[] VALUES = values();

  private final PacketWalk packets;
  private byte[] decoded = new byte[3];
  private int group;
  private int inGroup;
  private int padding;
  private boolean wrong;

  Base64Lines(PacketWalk packets) {
    this.packets = packets;
  }

  /** Takes a line, or a piece of one; false if it is not base 64, or not what may follow. */
  boolean take(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && inGroup != 0) {
      character(bytes[i++]);
    }
    var whole = (to - i) & ~3;
    if (whole > 0 && padding == 0) {
      i = groups(bytes, i, i + whole);
    }
    while (i < to) {
      character(bytes[i++]);
    }
    return !wrong && !packets.isWrong();
  }

  /** Whether it may end here. */
  boolean isWhole() {
    return !wrong && inGroup == 0 && packets.isWhole();
  }

  /** Whole groups up to the first that is not; where that begins. */
  private int groups(byte[] bytes, int from, int to) {
    var most = (to - from) / 4 * 3;
    var passing = packets.passedOver() >= most;
    if (!passing && decoded.length < most) {
      decoded = new byte[most];
    }
    int i = from;
    int out = 0;
    for (; i < to; i += 4) {
      int value =
          VALUES[bytes[i] & 0xff] << 18
              | VALUES[bytes[i + 1] & 0xff] << 12
              | VALUES[bytes[i + 2] & 0xff] << 6
              | VALUES[bytes[i + 3] & 0xff];
      if (value < 0) {
        break;
      }
      if (!passing) {
        decoded[out] = (byte) (value >> 16);
        decoded[out + 1] = (byte) (value >> 8);
        decoded[out + 2] = (byte) value;
      }
      out += 3;
    }
    if (passing && out > 0) {
      packets.pass(out);
    } else {
      packets.take(decoded, 0, out);
    }
    return i;
  }

  private void character(byte b) {
    if (b == '=') {
      padding++;
      wrong |= inGroup < 2 || padding > 2;
      group <<= 6;
    } else {
      var value = VALUES[b & 0xff];
      wrong |= value < 0 || padding > 0;
      group = group << 6 | (value & 0x3f);
    }
    inGroup++;
    if (inGroup == 4) {
      decoded[0] = (byte) (group >> 16);
      decoded[1] = (byte) (group >> 8);
      decoded[2] = (byte) group;
      packets.take(decoded, 0, Math.max(0, 3 - padding));
      inGroup = 0;
      group = 0;
    }
  }

  /** Whether it is one of the 64. */
  static boolean isLetter(byte b) {
    return VALUES[b & 0xff] >= 0;
  }

  private static byte[] values() {
    var values = new byte[256];
    Arrays.fill(values, (byte) -1);
    var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < letters.length(); i++) {
      values[letters.charAt(i)] = (byte) i;
    }
    return values;
  }
}
