package dev.postbus.dns.wanted;

import static java.util.Comparator.comparingInt;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Addresses as they are written: IPv6 in the short form of RFC 5952. */
public final class AddressText {
  private static final Pattern ZEROS = Pattern.compile("(^|:)0(:0)+(:|$)");

  private AddressText() {}

  /** The text of an address, without a zone. */
  public static String of(InetAddress address) {
    var text = address.getHostAddress().replaceFirst("%.*", "");
    if (!(address instanceof Inet6Address)) {
      return text;
    }
    return ZEROS
        .matcher(text)
        .results()
        // The first of the longest ones.
        .max(comparingInt(AddressText::length))
        .map(zeros -> text.substring(0, zeros.start()) + "::" + text.substring(zeros.end()))
        .orElse(text);
  }

  private static int length(MatchResult zeros) {
    return zeros.group().replace(":", "").length();
  }
}
