package dev.postbus.mail;

import dev.postbus.supervision.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What users have open in Dovecot.
 *
 * @param current link to the rendered files in force
 */
record Sessions(Path current) {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 10;
  private static final Duration BETWEEN = Duration.ofMillis(200);

  /**
   * Ends all sessions of a user, who cannot log in any more. Those in hibernation share a process
   * with others, which is left alone; they are coming out of it, and get their turn then.
   *
   * @return whether all are over
   */
  boolean end(String address) throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) {
        Thread.sleep(BETWEEN);
      }
      // After two dashes even an address that begins with one is no option.
      doveadm("kick", "--", address);
      if (!doveadm("who", "-1", "--", address).contains(address)) {
        return true;
      }
    }
    log.warn("sessions of a blocked or deleted account may be open still");
    return false;
  }

  private String doveadm(String command, String... arguments) {
    var file = current.resolve(MailDaemons.DOVECOT).resolve("dovecot.conf").toString();
    var words = new java.util.ArrayList<>(List.of("/usr/bin/doveadm", "-c", file, command));
    words.addAll(List.of(arguments));
    return Commands.run(words, PATIENCE).output();
  }
}
