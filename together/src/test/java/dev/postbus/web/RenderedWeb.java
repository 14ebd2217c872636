package dev.postbus.web;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

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
            new Peers("127.0.0.1", "127.0.0.1:9102", "127.0.0.1:9107"),
            state.resolve("custom"));
    Files.createDirectories(settings.run());
    return new RenderedWeb(settings);
  }

  /** Renders as the service does. */
  public void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    new WebFiles(settings, List.of(), Clock.systemUTC()).render(configuration, certificate, into);
  }
}
