package dev.postbus.web.services;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the services are, by the settings of this one. */
@ApplicationScoped
class OtherServices {
  @Produces
  @Singleton
  Services services(
      @ConfigProperty(name = "postbus.port-offset", defaultValue = "0") int portOffset,
      @ConfigProperty(name = "quarkus.http.port", defaultValue = "9104") int apiPort,
      @ConfigProperty(name = "postbus.config-http") Optional<String> configHttp,
      @ConfigProperty(name = "postbus.cert-http", defaultValue = "127.0.0.1:9102") String certHttp,
      @ConfigProperty(name = "postbus.mail-http") Optional<String> mailHttp,
      @ConfigProperty(name = "postbus.token-file") Optional<Path> token) {
    return new Services(
        Map.of(
            Service.CONFIG,
            configHttp.orElse("127.0.0.1:" + (9101 + portOffset)),
            Service.CERT,
            certHttp,
            Service.MAIL,
            mailHttp.orElse("127.0.0.1:" + (9103 + portOffset)),
            Service.WEB,
            "127.0.0.1:" + apiPort),
        token);
  }
}
