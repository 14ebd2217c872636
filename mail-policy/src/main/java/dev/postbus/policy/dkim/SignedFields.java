package dev.postbus.policy.dkim;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a signature of a header covers, in canonical form (RFC 6376 sections 3.4 and 5.4.2). */
final class SignedFields {
  private static final Pattern WHITE = Pattern.compile("[ \t]++");

  private SignedFields() {}

  /**
   * The bytes that are signed.
   *
   * @throws IllegalStateException if the form is neither simple nor relaxed
   */
  static byte[] of(MessageHeader header, SignatureField signature) {
    var relaxed = signature.hasRelaxedHeader();
    var covered = new StringBuilder();
    var taken = new HashMap<String, Integer>();
    for (var name : signature.getHeaders()) {
      var fields = header.getFields(name.toString());
      var count = taken.merge(name.toString().toLowerCase(Locale.ROOT), 1, Integer::sum);
      // From the bottom up; a name that comes once too often says that there is no more of it.
      if (count <= fields.size()) {
        append(covered, fields.get(fields.size() - count), relaxed).append("\r\n");
      }
    }
    append(covered, "DKIM-Signature:" + signature.toUnsignedString(), relaxed);
    return covered.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder append(StringBuilder to, String field, boolean relaxed) {
    if (!relaxed) {
      return to.append(field);
    }
    var colon = field.indexOf(':');
    var name = field.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT);
    // Of white space, only spaces and tabs are left out: a control character is part of the value.
    var value = WHITE.matcher(field.substring(colon + 1).replace("\r\n", "")).replaceAll(" ");
    var from = value.startsWith(" ") ? 1 : 0;
    var end = value.length() > from && value.endsWith(" ") ? value.length() - 1 : value.length();
    return to.append(name).append(':').append(value, from, end);
  }
}
