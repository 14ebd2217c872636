package dev.postbus.policy.dkim;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** RFC 6376 once more, in the plainest way, for signatures whose tags were found well-formed. */
final class PlainSignature {
  private final String value;
  private final Map<String, String> tags = new HashMap<>();

  PlainSignature(String value) {
    this.value = value;
    for (var tag : value.split(";")) {
      var equal = tag.indexOf('=');
      if (equal >= 0) {
        tags.put(trimmed(tag.substring(0, equal)), trimmed(tag.substring(equal + 1)));
      }
    }
  }

  /** The field's value with an empty {@code b=}. */
  String unsigned() {
    var tagsOf = value.split(";", -1);
    for (int i = 0; i < tagsOf.length; i++) {
      var equal = tagsOf[i].indexOf('=');
      if (equal >= 0 && trimmed(tagsOf[i].substring(0, equal)).equals("b")) {
        tagsOf[i] = tagsOf[i].substring(0, equal + 1);
      }
    }
    return String.join(";", tagsOf);
  }

  /** What is signed (sections 3.4 and 5.4.2). */
  byte[] header(List<String> fields) {
    var left = new ArrayList<>(fields);
    var covered = new StringBuilder();
    for (var name : tag("h").split(":")) {
      for (int i = left.size() - 1; i >= 0; i--) {
        if (nameOf(left.get(i)).equalsIgnoreCase(trimmed(name))) {
          covered.append(canonical(left.remove(i))).append("\r\n");
          break;
        }
      }
    }
    covered.append(canonical("DKIM-Signature:" + unsigned()));
    return covered.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The hash of the body's canonical form (sections 3.4.3 and 3.4.4). */
  byte[] bodyHash(byte[] body) {
    var text = new String(body, StandardCharsets.ISO_8859_1);
    if (!text.isEmpty() && !text.endsWith("\r\n")) {
      text += "\r\n";
    }
    if (tag("c").endsWith("/relaxed")) {
      text = text.replace('\t', ' ');
      while (text.contains("  ")) {
        text = text.replace("  ", " ");
      }
      text = text.replace(" \r\n", "\r\n");
    }
    while (text.endsWith("\r\n\r\n")) {
      text = text.substring(0, text.length() - 2);
    }
    if (tag("c").endsWith("/relaxed")) {
      text = text.equals("\r\n") ? "" : text;
    } else if (text.isEmpty()) {
      text = "\r\n";
    }
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether one of the keys verifies header and body. */
  boolean verified(List<String> fields, byte[] body, List<PublicKey> keys) {
    try {
      var hash = decoded("bh");
      for (var key : keys) {
        var verifier =
            key instanceof RSAPublicKey
                ? Signature.getInstance("SHA256withRSA")
                : new HashedEd25519();
        verifier.initVerify(key);
        verifier.update(header(fields));
        if (verifier.verify(decoded("b")) && MessageDigest.isEqual(hash, bodyHash(body))) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private String canonical(String field) {
    if (!tag("c").startsWith("relaxed")) {
      return field;
    }
    var content = field.substring(field.indexOf(':') + 1).replace("\r\n", "").replace('\t', ' ');
    while (content.contains("  ")) {
      content = content.replace("  ", " ");
    }
    var from = content.startsWith(" ") ? 1 : 0;
    var to = content.length() - (content.length() > from && content.endsWith(" ") ? 1 : 0);
    return nameOf(field).toLowerCase(Locale.ROOT) + ":" + content.substring(from, to);
  }

  private static String nameOf(String field) {
    return trimmed(field.substring(0, field.indexOf(':')));
  }

  private String tag(String name) {
    return tags.getOrDefault(name, "");
  }

  private byte[] decoded(String tag) {
    return Base64.getDecoder().decode(tag(tag).replace(" ", ""));
  }

  /** Without the white space of RFC 6376 section 2.8 around it, and with spaces for it within. */
  private static String trimmed(String text) {
    var spaced = text.replace('\t', ' ').replace('\r', ' ').replace('\n', ' ');
    var from = 0;
    var end = spaced.length();
    while (from < end && spaced.charAt(from) == ' ') {
      from++;
    }
    while (from < end && spaced.charAt(end - 1) == ' ') {
      end--;
    }
    return spaced.substring(from, end);
  }
}
