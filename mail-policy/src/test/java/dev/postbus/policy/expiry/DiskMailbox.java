package dev.postbus.policy.expiry;

import dev.postbus.policy.mailbox.MailboxRoot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A mailbox on disk whose files have names of any bytes, for as long as it is expired. */
final class DiskMailbox {
  private static final Path ADDRESS = Path.of("alice@relay.test");
  private static final int LARGEST = 300;
  private static final int DEEPEST = 4;

  private DiskMailbox() {}

  /**
   * What a dry run says goes and nothing else, once, and only mails in {@code cur}, {@code new}.
   */
  static void expire(Path folder, String[] lines) throws IOException {
    var mailbox = Files.createDirectory(folder.resolve(ADDRESS));
    try (var root = MailboxRoot.open(folder)) {
      Files.write(mailbox.resolve("password"), new byte[] {'x'});
      var others = new ArrayList<Path>();
      for (var line : lines) {
        make(mailbox, line).filter(file -> !mayGo(file)).ifPresent(others::add);
      }
      var would = outcome(root, true);
      var gone = outcome(root, false);
      var then = outcome(root, true);
      if (!would.equals(gone) || !then.removed().isEmpty()) {
        throw new IllegalStateException(would + ", but " + gone + ", then " + then);
      }
      if (gone.removed(Reason.QUOTA).bytes() < 0 || gone.removed().size() > 1) {
        throw new IllegalStateException("not of the quota: " + gone);
      }
      for (var other : others) {
        if (!Files.exists(other)) {
          throw new IllegalStateException("no mail, but gone: " + other);
        }
      }
    } finally {
      remove(mailbox);
    }
  }

  /** A path with a name of these bytes, if a file can have it. */
  static Optional<Path> name(String bytes) {
    if (bytes.isEmpty()
        || bytes.length() > 255
        || bytes.equals(".")
        || bytes.equals("..")
        || bytes.indexOf('/') >= 0
        || bytes.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    var quoted = new StringBuilder("file:///");
    for (var b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
      quoted.append('%').append(Character.forDigit(b >> 4 & 0xf, 16));
      quoted.append(Character.forDigit(b & 0xf, 16));
    }
    // In a URI, a name can be of any bytes; in a string it depends on the locale.
    return Optional.of(Path.of(URI.create(quoted.toString())).getFileName());
  }

  private static Outcome outcome(MailboxRoot root, boolean dry) throws IOException {
    var outcome = new MailboxExpiry(MaildirNameFuzz.RULES, dry).expire(root, ADDRESS).outcome(0);
    // How many were looked at changes as they go.
    return new Outcome(outcome.mailboxes(), 0, 0, outcome.removed(), List.of());
  }

  /** Makes what a line says; empty if it cannot be, or is there already. */
  private static Optional<Path> make(Path mailbox, String line) throws IOException {
    var parts = line.split("/", DEEPEST);
    var folder = mailbox;
    for (int i = 0; i < parts.length - 1; i++) {
      var name = name(parts[i]);
      if (name.isEmpty() || Files.isRegularFile(folder.resolve(name.get()))) {
        return Optional.empty();
      }
      folder = Files.createDirectories(folder.resolve(name.get()));
    }
    var file = name(parts[parts.length - 1]).map(folder::resolve);
    if (file.isEmpty() || Files.exists(file.get())) {
      return Optional.empty();
    }
    return Optional.of(Files.write(file.get(), new byte[line.length() % LARGEST]));
  }

  private static boolean mayGo(Path file) {
    var parent = String.valueOf(file.getParent().getFileName());
    return parent.equals("cur") || parent.equals("new") || file.endsWith("maildirsize");
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
