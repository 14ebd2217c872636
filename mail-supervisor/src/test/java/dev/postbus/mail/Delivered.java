package dev.postbus.mail;

import static org.awaitility.Awaitility.await;

import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Messages as they lie in a mailbox, compressed as they are. */
final class Delivered {
  private static final Duration LONG = Duration.ofSeconds(30);

  private Delivered() {}

  /** Waits for a message with a text in a mailbox that nobody has opened since. */
  static String to(Account account, MailSettings settings, String text) {
    return await()
        .atMost(LONG)
        .until(() -> all(account, settings, text), found -> !found.isEmpty())
        .getFirst();
  }

  /** All messages with a text that lie there now. */
  static List<String> all(Account account, MailSettings settings, String text) throws IOException {
    var inbox = settings.mailboxes().resolve(account.address()).resolve("new");
    var found = new ArrayList<String>();
    if (!Files.isDirectory(inbox)) {
      return found;
    }
    try (var files = Files.list(inbox)) {
      for (var file : files.toList()) {
        var message = read(file);
        if (message.contains(text)) {
          found.add(message);
        }
      }
    }
    return found;
  }

  private static String read(Path file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
