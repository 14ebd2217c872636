package dev.postbus.policy.mailbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/** Removes a folder with all that is in it; of a link, only the link. */
final class TreeRemoval {
  private static final int DEEPEST = 64;

  private TreeRemoval() {}

  static void remove(SecureDirectoryStream<Path> in, Path name) throws IOException {
    remove(in, name, 0);
  }

  private static void remove(SecureDirectoryStream<Path> in, Path name, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("a mailbox has folders deeper than " + DEEPEST);
    }
    try {
      var folder = MailboxRoot.folderIn(in, name);
      if (folder.isEmpty()) {
        in.deleteFile(name);
        return;
      }
      try (var open = folder.get()) {
        for (var entry : open) {
          remove(open, entry.getFileName(), depth + 1);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      in.deleteDirectory(name);
    } catch (NoSuchFileException gone) {
      // Somebody else removed it, which is as good.
      return;
    }
  }
}
