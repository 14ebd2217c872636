package dev.postbus.policy.dkim;

import java.util.Base64;
import java.util.regex.Pattern;

/** The value of a tag that is base64 (RFC 6376 section 3.2). */
final class Base64Value {
  private static final Pattern WHITE = Pattern.compile("[ \t\r\n]++");

  private Base64Value() {}

  /**
   * Its bytes. White space in it is ignored, other foreign letters are not.
   *
   * @throws IllegalArgumentException if it is not base64
   */
  static byte[] decoded(CharSequence value) {
    return Base64.getDecoder().decode(WHITE.matcher(value).replaceAll(""));
  }
}
