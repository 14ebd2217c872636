package dev.postbus.web;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.RelayConfiguration;
import io.quarkus.qute.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;

/** Renders nginx's configuration, with the pages that it serves beneath. */
final class WebFiles {
  private final WebSettings settings;
  private final PageFiles pages;
  private final Engine qute = Engine.builder().addDefaults().build();

  WebFiles(WebSettings settings) {
    this.settings = settings;
    this.pages = new PageFiles(settings.ports());
  }

  void render(RelayConfiguration configuration, StoredCertificate certificate, Path into)
      throws IOException {
    var nginx = Files.createDirectory(into.resolve(NginxDaemon.NAME));
    var folder = Files.createDirectory(nginx.resolve("pages"));
    pages.render(configuration, folder);
    var ports = settings.ports();
    var values = new HashMap<String, Object>();
    values.put("workers", Math.min(4, Runtime.getRuntime().availableProcessors()));
    values.put("run", settings.run());
    values.put("pages", folder);
    values.put("domain", configuration.mailDomain());
    values.put("addresses", addresses(configuration));
    values.put("http", ports.http());
    values.put("https", ports.https());
    values.put("httpsSuffix", ports.httpsSuffix());
    values.put("nameServers", NameServers.of(settings.peers(), NameServers.SYSTEM));
    values.put("imaps", settings.imaps());
    values.put("submissions", settings.submissions());
    values.put("api", settings.apiPort());
    values.put("certHttp", settings.acme().http());
    values.put("certTls", settings.acme().tls());
    values.put("fullChain", certificate.fullChain());
    values.put("privateKey", certificate.privateKey());
    Files.writeString(nginx.resolve("nginx.conf"), qute.parse(template()).data(values).render());
  }

  private List<String> addresses(RelayConfiguration configuration) {
    if (!settings.bind().equals("*")) {
      return List.of(settings.bind());
    }
    return configuration.flag("disable_ipv6") ? List.of("0.0.0.0") : List.of("0.0.0.0", "[::]");
  }

  private static String template() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(WebFiles.class.getResourceAsStream("/web/nginx.conf"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
