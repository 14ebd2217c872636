package dev.postbus.mail;

import dev.postbus.supervision.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * By what Postfix shows that it serves by the files in force: it names their folder where own
 * users' mail comes back from the filter. On the ports to the outside, an idle process of before a
 * reload may take one more connection, and waits for a second there for a helper that has ended
 * meanwhile.
 *
 * @param folder the files in force, by their link
 */
record PostfixGreeting(Path folder) {
  private static final String LISTENER = "127.0.0.1:";
  private static final int NONE = 0;

  static Readiness readiness(Path folder) {
    var greeting = new PostfixGreeting(folder);
    return Readiness.greeting(greeting::port, greeting::isOfFilesInForce);
  }

  /** The first listener of its own on loopback, which is configured. */
  int port() {
    try {
      return Files.readAllLines(folder.resolve("master.cf")).stream()
          .filter(line -> line.startsWith(LISTENER))
          .findFirst()
          .map(line -> line.substring(LISTENER.length(), line.indexOf(' ')))
          .map(Integer::parseInt)
          .orElse(NONE);
    } catch (IOException notThere) {
      return NONE;
    }
  }

  boolean isOfFilesInForce(String greeting) {
    try {
      return greeting.startsWith("220 ") && greeting.endsWith(folder.toRealPath().toString());
    } catch (IOException notThere) {
      return false;
    }
  }
}
