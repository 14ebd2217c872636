package dev.postbus.mail;

import dev.postbus.supervision.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/** Makes the folders that the daemons work in, with the owners that they insist on. */
final class MailFolders {
  private final MailSettings settings;

  MailFolders(MailSettings settings) {
    this.settings = settings;
  }

  void prepare() {
    try {
      make(settings.folder(), "rwxr-xr-x");
      settings.renewalTable().prepare();
      make(settings.queue(), "rwxr-xr-x");
      make(settings.postfixData(), "rwx------");
      own(settings.postfixData(), "postfix");
      make(settings.dovecotRun(), "rwxr-xr-x");
      make(settings.dovecotState(), "rwxr-xr-x");
      make(settings.dkim(), "rwx------");
      own(settings.dkim(), "opendkim");
      make(settings.opendkimRun(), "rwxr-x---");
      own(settings.opendkimRun(), "opendkim");
      // Its socket then belongs to Postfix's group.
      view(settings.opendkimRun()).setGroup(group("postfix"));
      make(settings.unbound(), "rwxr-xr-x");
      own(settings.unbound(), "unbound");
      view(settings.unbound()).setGroup(group("unbound"));
      make(settings.unboundLocal(), "rwxr-xr-x");
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

  /** The account that a folder belongs to, for the process that works in it. */
  static Account owner(Path folder) {
    try {
      return new Account(id(folder, "unix:uid"), id(folder, "unix:gid"), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the owner of " + folder, e);
    }
  }

  private static int id(Path folder, String attribute) throws IOException {
    return (int) Objects.requireNonNull(Files.getAttribute(folder, attribute), attribute);
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
