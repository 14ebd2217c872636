package dev.postbus.web;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What web-service writes for nginx and browsers, for tests of all services together. */
public final class RenderedWeb {
  private final WebSettings settings;

  private RenderedWeb(WebSettings settings) {
    this.settings = settings;
  }

  /** Makes the folder that nginx looks for. */
  public static RenderedWeb in(Path state) throws IOException {
    var settings =
        new WebSettings(
            state,
            "*",
            new WebPorts(0),
            9104,
            new WebSettings.AcmeResponder("127.0.0.1:9102", "127.0.0.1:9107"),
            "127.0.0.1");
    Files.createDirectories(settings.run());
    return new RenderedWeb(settings);
  }

  /** Renders as the service does. */
  public void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    new WebFiles(settings).render(configuration, certificate, into);
  }
}
