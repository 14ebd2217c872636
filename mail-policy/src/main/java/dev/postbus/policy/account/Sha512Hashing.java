package dev.postbus.policy.account;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.apache.commons.codec.digest.Sha2Crypt;

/** SHA512-CRYPT, in this process. */
public final class Sha512Hashing implements PasswordHashing {
  // Hashing is work for a core: more at once would only keep lookups waiting.
  private final Semaphore places = new Semaphore(2);

  @Override
  public String hash(String password) {
    places.acquireUninterruptibly();
    try {
      return "{SHA512-CRYPT}"
          + Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.ISO_8859_1));
    } finally {
      places.release();
    }
  }
}
