package dev.postbus.policy.account;

import java.io.IOException;

/** Makes what is kept of a password. */
@FunctionalInterface
public interface PasswordHashing {
  /**
   * The hash, with its scheme before it as Dovecot writes it.
   *
   * @param password its bytes, each as a character
   */
  String hash(String password) throws IOException;
}
