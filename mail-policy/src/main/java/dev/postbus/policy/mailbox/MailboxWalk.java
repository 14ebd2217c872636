package dev.postbus.policy.mailbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every message of a mailbox once, folders within included, with one stat(2) each. */
public final class MailboxWalk {
  private static final Path SELF = Path.of(".");
  private static final Path INBOX = Path.of("");
  private static final Path CUR = Path.of("cur");
  private static final Path NEW = Path.of("new");
  private static final Path TMP = Path.of("tmp");
  private static final Set<String> KNOWN_FILES =
      Set.of("password", "enforceE2EEincoming", "maildirsize", "subscriptions", "metadata.json");
  // Maildir++ has one level of folders, which are named with dots.
  private static final int DEEPEST = 16;

  private MailboxWalk() {}

  /** Where a message lies in its folder. */
  public enum Place {
    /** Delivered, not yet seen by a mail program. */
    NEW,
    /** Seen by a mail program. */
    CUR,
    /** Being delivered, or left behind. */
    TMP
  }

  /**
   * A file in {@code new}, {@code cur} or {@code tmp}.
   *
   * @param folder that it is in; open only during the visit
   * @param within the folder of the mailbox, such as {@code .Sent}; empty for the inbox
   * @param place which of the three
   * @param name its name in there, as any bytes
   * @param file what it is
   */
  public record Message(
      SecureDirectoryStream<Path> folder,
      Path within,
      Place place,
      Path name,
      BasicFileAttributes file) {
    /** Milliseconds since 1970 of its last change. */
    public long changed() {
      return file.lastModifiedTime().toMillis();
    }

    /** Removes it; a message that is gone already is no error. */
    public void remove() throws IOException {
      TreeRemoval.remove(folder, name);
    }
  }

  /** What is done with what is there. */
  public interface Visitor {
    /** A message. */
    void message(Message message) throws IOException;

    /** A file that is none, such as an index or the password; only if it wants them. */
    default void other(Path name, BasicFileAttributes file) {}

    /** Whether it wants to know of files other than messages, which costs a stat(2) each. */
    default boolean wantsOthers() {
      return false;
    }
  }

  /**
   * Visits all files; may be called several times for one mailbox.
   *
   * @throws IOException if a folder cannot be read; what vanishes meanwhile is passed over
   */
  public static void visit(SecureDirectoryStream<Path> mailbox, Visitor visitor)
      throws IOException {
    // A directory stream is read only once.
    try (var fresh = mailbox.newDirectoryStream(SELF, LinkOption.NOFOLLOW_LINKS)) {
      visitFresh(fresh, visitor);
    }
  }

  /**
   * Visits all files of a mailbox that has been opened just now, which is cheaper; once only.
   *
   * @throws IOException if a folder cannot be read; what vanishes meanwhile is passed over
   */
  public static void visitFresh(SecureDirectoryStream<Path> mailbox, Visitor visitor)
      throws IOException {
    visit(mailbox, visitor, INBOX, 0);
  }

  private static void visit(
      SecureDirectoryStream<Path> folder, Visitor visitor, Path within, int depth)
      throws IOException {
    try {
      for (var entry : folder) {
        var name = entry.getFileName();
        var place = place(name);
        if (place != null) {
          messages(folder, name, within, place, visitor);
        } else if (visitor.wantsOthers() || !isKnownFile(name)) {
          other(folder, name, visitor, within, depth);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** A file, or a folder of the mailbox. */
  private static void other(
      SecureDirectoryStream<Path> folder, Path name, Visitor visitor, Path within, int depth)
      throws IOException {
    var file = MailboxRoot.look(folder, name);
    if (file.isEmpty()) {
      return;
    }
    if (file.get().isRegularFile()) {
      visitor.other(name, file.get());
    } else if (file.get().isDirectory() && depth < DEEPEST) {
      var found = MailboxRoot.opened(folder, name);
      if (found.isPresent()) {
        try (var open = found.get()) {
          visit(open, visitor, within.resolve(name), depth + 1);
        }
      }
    }
  }

  private static boolean isKnownFile(Path name) {
    var text = name.toString();
    return text.startsWith("dovecot") || KNOWN_FILES.contains(text);
  }

  private static void messages(
      SecureDirectoryStream<Path> folder, Path name, Path within, Place place, Visitor visitor)
      throws IOException {
    var found = MailboxRoot.folderIn(folder, name);
    if (found.isEmpty()) {
      return;
    }
    try (var open = found.get()) {
      for (var entry : open) {
        var mail = entry.getFileName();
        var file = MailboxRoot.look(open, mail);
        if (file.isPresent() && file.get().isRegularFile()) {
          visitor.message(new Message(open, within, place, mail, file.get()));
        }
      }
    }
  }

  private static @Nullable Place place(Path name) {
    if (name.equals(CUR)) {
      return Place.CUR;
    }
    if (name.equals(NEW)) {
      return Place.NEW;
    }
    return name.equals(TMP) ? Place.TMP : null;
  }
}
