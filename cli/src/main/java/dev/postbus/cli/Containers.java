package dev.postbus.cli;

import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stack in containers, seen from within one of them: who runs there, and where, is what the
 * environment says, and nobody's state folder.
 *
 * @param shape which services share a container
 * @param environment this process's
 */
record Containers(Shape shape, Map<String, String> environment) {
  private static final String SHAPE = "POSTBUS_CONTAINERS";
  private static final String TOKEN_FILE = "POSTBUS_API_TOKEN_FILE";

  Containers {
    environment = Map.copyOf(environment);
  }

  /** This process's, if it is in a container. */
  static Optional<Containers> here() {
    return of(System.getenv());
  }

  static Optional<Containers> of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(SHAPE))
        .map(
            name ->
                new Containers(
                    Shape.named(name)
                        .orElseThrow(
                            () ->
                                new Failure(
                                    SHAPE + " must be separate or together, not '" + name + "'")),
                    environment));
  }

  /** What there should be; whether it is, they say when they are asked. */
  StackState stack() {
    var now = Instant.now();
    var services =
        Shape.SERVICES.stream()
            .map(shape::processOf)
            .distinct()
            .map(name -> new StackState.Service(name, "ready", null, now, 0, null))
            .toList();
    return new StackState(0, now, settings(), services);
  }

  private StackSettings settings() {
    var domain = environment.get("MAIL_DOMAIN");
    if (domain == null) {
      throw new Failure("MAIL_DOMAIN is not set: it must be the relay's domain");
    }
    return new StackSettings(domain, 0, shape);
  }

  /** Where the service answers that would have this port, were all on one machine. */
  URI at(int port, String path) {
    var ports = new StackPorts(0, shape);
    if (shape == Shape.TOGETHER) {
      return URI.create("http://127.0.0.1:" + ports.config() + path);
    }
    var variable =
        Map.of(
                ports.config(), "POSTBUS_CONFIG_API",
                ports.cert(), "POSTBUS_CERT_API",
                ports.mail(), "POSTBUS_MAIL_API",
                ports.web(), "POSTBUS_WEB_API")
            .get(port);
    if (variable == null) {
      throw new IllegalArgumentException("no service has the port " + port);
    }
    var base = environment.getOrDefault(variable, "http://127.0.0.1:" + port);
    return URI.create(base + path);
  }

  /** The bus. */
  String bootstrap() {
    return environment.getOrDefault(
        "POSTBUS_BUS", "127.0.0.1:" + new StackPorts(0, shape).broker());
  }

  /** What services want to see on other addresses than loopback; null if there is none. */
  @Nullable String authorization() {
    var file = environment.get(TOKEN_FILE);
    if (file == null) {
      return null;
    }
    try {
      return "Bearer " + Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new Failure(
          "cannot read the services' token in " + file + " (" + TOKEN_FILE + "): " + e);
    }
  }

  /** What a command says that is about processes of a machine. */
  static void refuse(String instead) {
    if (here().isPresent()) {
      throw new Failure("the services run in containers: " + instead);
    }
  }
}
