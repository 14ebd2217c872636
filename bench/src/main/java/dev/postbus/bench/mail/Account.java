package dev.postbus.bench.mail;

import java.security.SecureRandom;

/**
 * An account; a relay makes it at the first login.
 *
 * @param address all of it, with the domain
 * @param password in the clear
 */
public record Account(String address, String password) {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final SecureRandom random = new SecureRandom();

  /** One that nobody has yet, by the rules of a relay with default settings. */
  public static Account fresh(String domain) {
    // Nine letters is what newer and older relays take alike.
    return new Account(letters(9) + "@" + domain, letters(20));
  }

  private static String letters(int count) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }
}
