package dev.postbus.web;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.supervision.Rollout;
import io.quarkus.qute.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders nginx's configuration, with the pages that it serves beneath. Where an operator's own
 * pages cannot be used, those of before stay.
 */
final class WebFiles {
  private static final Logger log = LoggerFactory.getLogger(WebFiles.class);

  // Missing where the kernel was told to have no IPv6.
  private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");
  private static final List<Boolean> HTTP2_AND_HTTP1 = List.of(true, false);

  private final WebSettings settings;
  private final List<String> nameServers;
  private final PageFiles pages;
  private final PageSources sources;
  private volatile @Nullable String problem;
  private final Engine qute = Engine.builder().addDefaults().build();

  /**
   * A renderer.
   *
   * @param nameServers which nginx asks where its peers are; none if they are addresses
   */
  WebFiles(WebSettings settings, List<String> nameServers, Clock clock) {
    this.settings = settings;
    this.nameServers = List.copyOf(nameServers);
    this.sources = new PageSources(settings.customPages());
    this.pages = new PageFiles(settings.ports(), sources, clock);
  }

  void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    var nginx = Files.createDirectory(into.resolve(NginxDaemon.NAME));
    var folder = Files.createDirectory(nginx.resolve("pages"));
    renderPages(configuration, nginx);
    var ports = settings.ports();
    var values = new HashMap<String, Object>();
    values.put("httpVersions", HTTP2_AND_HTTP1);
    values.put("workers", Math.min(4, Runtime.getRuntime().availableProcessors()));
    values.put("run", settings.run());
    values.put("pages", folder);
    values.put("domain", configuration.mailDomain());
    values.put("open", configuration.registration().equals("open"));
    values.put("addresses", addresses(configuration));
    values.put("http", ports.http());
    values.put("https", ports.https());
    values.put("httpsSuffix", ports.httpsSuffix());
    values.put("imaps", ports.imaps());
    values.put("submissions", ports.submissions());
    values.put("api", settings.apiPort());
    values.put("trusted", settings.proxy().trusted());
    values.put("proxiedHttp", ports.proxiedHttp());
    values.put("proxiedHttps", ports.proxiedHttps());
    values.put("proxyHealth", ports.proxyHealth());
    values.put("leaving", settings.run().resolve(Leaving.SIGN));
    var resolvers = resolvers(certificate);
    values.put("stapled", OcspResponder.isNamedIn(certificate.leaf()) && !resolvers.isEmpty());
    values.put("nameServers", String.join(" ", resolvers));
    values.put("mail", settings.peers().mail());
    values.put("certHttp", settings.peers().certHttp());
    values.put("certTls", settings.peers().certTls());
    values.put("iroh", settings.peers().irohHttp().orElse(""));
    values.put("turn", settings.peers().turn().orElse(""));
    values.put("fullChain", certificate.fullChain());
    values.put("privateKey", certificate.privateKey());
    Files.writeString(
        nginx.resolve("nginx.conf"),
        qute.parse(Resources.text("nginx.conf")).data(values).render());
  }

  /** An authority's responder has a name, too. */
  private List<String> resolvers(StoredCertificate certificate) {
    if (!nameServers.isEmpty() || !OcspResponder.isNamedIn(certificate.leaf())) {
      return nameServers;
    }
    try {
      return NameServers.ofMachine();
    } catch (IOException e) {
      log.warn("the certificate's state (OCSP) is not served with it: {}", e.getMessage());
      return List.of();
    }
  }

  private void renderPages(RelayConfiguration configuration, Path nginx) throws IOException {
    var folders = folders(nginx);
    try {
      pages.render(configuration, folders);
      problem = null;
    } catch (PageProblem e) {
      log.error("the pages stay as they were: {}", e.getMessage());
      problem = "the pages stay as they were: " + e.getMessage();
      Rollout.discard(folders.open());
      Rollout.discard(folders.personal());
      folders = folders(nginx);
      var before = settings.rendered().resolve("current").resolve(NginxDaemon.NAME);
      if (Files.isDirectory(before.resolve("pages"))) {
        for (var name : List.of("pages", PersonalPages.FOLDER)) {
          if (Files.isDirectory(before.resolve(name))) {
            copy(before.resolve(name).toRealPath(), nginx.resolve(name));
          }
        }
        pages.renderWellKnown(configuration, folders);
      } else {
        pages.renderShipped(configuration, folders);
      }
    }
  }

  private static PageFiles.Folders folders(Path nginx) throws IOException {
    return new PageFiles.Folders(
        Files.createDirectories(nginx.resolve("pages")),
        Files.createDirectories(nginx.resolve(PersonalPages.FOLDER)));
  }

  private static void copy(Path from, Path into) throws IOException {
    try (var all = Files.walk(from)) {
      for (var path : all.toList()) {
        var copy = into.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  /** What is wrong with an operator's own pages; empty if nothing is. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** What the pages of a configuration are made of beside it. */
  List<Path> watched(RelayConfiguration configuration) {
    return sources.watched(configuration);
  }

  private List<String> addresses(RelayConfiguration configuration) {
    if (!settings.bind().equals("*")) {
      return List.of(settings.bind());
    }
    return configuration.flag("disable_ipv6") || !Files.exists(IPV6_ADDRESSES)
        ? List.of("0.0.0.0")
        : List.of("0.0.0.0", "[::]");
  }
}
