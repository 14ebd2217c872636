package dev.postbus.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes the folders that the daemons work in, with the owners that they insist on. */
final class MailFolders {
  private final MailSettings settings;

  MailFolders(MailSettings settings) {
    this.settings = settings;
  }

  void prepare() {
    try {
      make(settings.folder(), "rwxr-xr-x");
      make(settings.queue(), "rwxr-xr-x");
      make(settings.postfixData(), "rwx------");
      own(settings.postfixData(), "postfix");
      make(settings.dovecotRun(), "rwxr-xr-x");
      make(settings.dovecotState(), "rwxr-xr-x");
      make(settings.mailboxes(), "rwxr-x---");
      own(settings.mailboxes(), settings.vmailUid(), settings.vmailGid());
      make(settings.policy(), "rwxr-x---");
      own(settings.policy(), settings.vmailUid(), settings.vmailGid());
      // Dovecot's lookups come as its own user: sockets made here belong to its group.
      view(settings.policy()).setGroup(group("dovecot"));
      Files.setAttribute(settings.policy(), "unix:mode", 02750);
      var temporary = settings.policy().resolve("tmp");
      make(temporary, "rwx------");
      own(temporary, settings.vmailUid(), settings.vmailGid());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot prepare the folders in " + settings.state() + " (is this process root?)", e);
    }
  }

  private static void make(Path folder, String mode) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
  }

  private static void own(Path path, String user) throws IOException {
    Files.setOwner(
        path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
  }

  private static void own(Path path, int uid, int gid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid);
    Files.setAttribute(path, "unix:gid", gid);
  }

  private GroupPrincipal group(String name) throws IOException {
    return settings
        .state()
        .getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByGroupName(name);
  }

  private static PosixFileAttributeView view(Path path) {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class);
  }
}
