package dev.postbus.mail;

import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** Messages as they lie in a mailbox, compressed as they are. */
final class Delivered {
  private static final Duration LONG = Duration.ofSeconds(30);

  private Delivered() {}

  /** Waits for a message with a text in a mailbox that nobody has opened since. */
  static String to(Account account, MailSettings settings, String text) {
    var inbox = settings.mailboxes().resolve(account.address()).resolve("new");
    return await().atMost(LONG).until(() -> find(inbox, text), found -> !found.isEmpty());
  }

  private static String find(Path inbox, String text) throws IOException {
    if (!Files.isDirectory(inbox)) {
      return "";
    }
    try (var files = Files.list(inbox)) {
      for (var file : files.toList()) {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
          var message = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
          if (message.contains(text)) {
            return message;
          }
        }
      }
    }
    return "";
  }
}
