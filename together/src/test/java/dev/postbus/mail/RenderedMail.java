package dev.postbus.mail;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What mail-supervisor writes for its daemons, for tests of all services together. */
public final class RenderedMail {
  private static final int UID = 5000;

  private final MailSettings settings;

  private RenderedMail(MailSettings settings) {
    this.settings = settings;
  }

  /** Makes the folders and the key that the daemons' checkers look for. */
  public static RenderedMail in(Path state) {
    var settings =
        new MailSettings(
            state,
            "*",
            new MailPorts(0),
            0,
            UID,
            UID,
            state,
            List.of(),
            "",
            true,
            IdleNotify.tried(Optional.empty()),
            new NotificationSettings(URI.create(NotificationSettings.STANDARD), Optional.empty()),
            Path.of(System.getProperty("java.home"), "bin", "java"));
    new MailFolders(settings).prepare();
    new DkimKeyFile(settings.dkimKey(), MailFolders.owner(settings.dkim())).open();
    return new RenderedMail(settings);
  }

  /** Renders as the service does. */
  public void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    new MailFiles(settings).render(configuration, certificate, into);
  }
}
