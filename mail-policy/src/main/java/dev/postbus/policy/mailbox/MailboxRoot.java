package dev.postbus.policy.mailbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The folder that holds the mailboxes, held open: everything beneath is reached from its file
 * descriptor (openat(2) and its kin), and symbolic links beneath are never followed.
 */
public final class MailboxRoot implements AutoCloseable {
  // Without an @: no account can have such a name, and none is found by it.
  private static final String BURIED = ".removed-";

  private final SecureDirectoryStream<Path> folder;
  private final Iterator<Path> names;

  private MailboxRoot(SecureDirectoryStream<Path> folder) {
    this.folder = folder;
    this.names = folder.iterator();
  }

  /**
   * Opens the folder; it may itself be reached by a link.
   *
   * @throws IOException if it cannot be read, or the file system has no such calls
   */
  public static MailboxRoot open(Path mailboxes) throws IOException {
    var stream = mailboxes.getFileSystem().provider().newDirectoryStream(mailboxes, any -> true);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new MailboxRoot(secure);
    }
    stream.close();
    throw new IOException(mailboxes + " is on a file system without openat(2)");
  }

  /** A name that comes next, each once; empty after the last. Several threads may take turns. */
  public Optional<Path> nextMailbox() throws IOException {
    synchronized (names) {
      try {
        while (names.hasNext()) {
          var name = names.next().getFileName();
          if (name.toString().indexOf('@') >= 0) {
            return Optional.of(name);
          }
        }
        return Optional.empty();
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
  }

  /** A mailbox's folder; empty if it is not there, or is a link or a file. */
  public Optional<SecureDirectoryStream<Path>> mailbox(Path name) throws IOException {
    return folderIn(folder, name);
  }

  /** What a name in a folder is, a link being a link; empty if it is not there. */
  public static Optional<BasicFileAttributes> look(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    try {
      return Optional.of(
          in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** A folder in a folder; empty if it is not there, or is a link or a file. */
  static Optional<SecureDirectoryStream<Path>> folderIn(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    var found = look(in, name);
    return found.isEmpty() || !found.get().isDirectory() ? Optional.empty() : opened(in, name);
  }

  /**
   * Opens what was a folder just now; empty if it is not there, or is a link or a file. Java 25
   * closes one descriptor twice and another one not at all if it is told to open a file as a
   * folder.
   */
  static Optional<SecureDirectoryStream<Path>> opened(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    try {
      return Optional.of(in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Optional.empty();
    } catch (FileSystemException e) {
      // A link is told by ELOOP, for which there is no exception of its own.
      if (look(in, name).map(BasicFileAttributes::isDirectory).orElse(false)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * Takes a mailbox out of service in one step: from then on nobody can log in to it, and it can be
   * removed at leisure, also after a restart.
   *
   * @return its new name; empty if it was not there any more
   */
  public Optional<Path> bury(Path name) throws IOException {
    var buried =
        name.getFileSystem()
            .getPath(BURIED + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    try {
      folder.move(name, folder, buried);
      return Optional.of(buried);
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** Puts a buried mailbox back. */
  public void unearth(Path buried, Path name) throws IOException {
    folder.move(buried, folder, name);
  }

  /** Removes what was buried, with all that is in it. */
  public void remove(Path buried) throws IOException {
    if (!isBuried(buried)) {
      throw new IllegalArgumentException("only what is buried is removed");
    }
    TreeRemoval.remove(folder, buried);
  }

  /** Removes what an earlier run had buried and not removed. */
  public static void sweep(Path mailboxes) throws IOException {
    try (var root = open(mailboxes)) {
      while (root.names.hasNext()) {
        var name = root.names.next().getFileName();
        if (isBuried(name)) {
          TreeRemoval.remove(root.folder, name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static boolean isBuried(Path name) {
    return name.toString().matches("\\.removed-[0-9a-f]{16}");
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
