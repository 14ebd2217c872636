package dev.postbus.cli;

import dev.postbus.deploy.local.Shape;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.deploy.local.StackSettings;
import dev.postbus.deploy.local.StackState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the services are. In the local stack all are on loopback. In a container of the compose
 * stack, which says so by {@code POSTBUS_CONTAINERS}, each is in a container of its name, and wants
 * to see the token; or all are in this one.
 */
final class Containers {
  private static final int CONNECT_MILLIS = 1000;

  private final Map<String, String> environment;

  Containers(Map<String, String> environment) {
    this.environment = environment;
  }

  /** As this process is told. */
  static Containers here() {
    return new Containers(System.getenv());
  }

  /** The shape of the compose stack; empty outside of its containers. */
  Optional<Shape> shape() {
    var named = environment.get("POSTBUS_CONTAINERS");
    if (named == null || named.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Shape.named(named)
            .orElseThrow(
                () ->
                    new Failure(
                        "POSTBUS_CONTAINERS must be separate or together, not '" + named + "'")));
  }

  /**
   * Refuses what is about processes of a machine.
   *
   * @param instead what to do
   */
  static void refuse(String instead) {
    if (here().shape().isPresent()) {
      throw new Failure("the services run in containers: " + instead);
    }
  }

  /** The host of who has one of the services' own ports. */
  String host(int port) {
    if (shape().filter(Shape.SEPARATE::equals).isEmpty()) {
      return "127.0.0.1";
    }
    var ports = new StackPorts(0, Shape.SEPARATE);
    if (port == ports.broker()) {
      return "broker";
    } else if (port == ports.config()) {
      return "config-service";
    } else if (port == ports.cert()) {
      return "cert-service";
    } else if (port == ports.mail()) {
      return "mail-supervisor";
    } else if (port == ports.web()) {
      return "web-service";
    }
    throw new IllegalArgumentException("no service has port " + port);
  }

  /** The host of the one web-service whose console browsers are led to. */
  String consoleHost(StackPorts ports) {
    var before = environment.getOrDefault("POSTBUS_CONSOLE_HOST", "");
    return shape().isPresent() && !before.isBlank() ? before : host(ports.web());
  }

  /** The same as {@link #host}, an address for each container of a service that has several. */
  List<String> hosts(int port) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host(port)))
          .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
          .sorted()
          .toList();
    } catch (UnknownHostException away) {
      return List.of(host(port));
    }
  }

  /** Where the bus is, as HOST:PORT, several with commas. */
  String bus(StackPorts ports) {
    var elsewhere = environment.getOrDefault("POSTBUS_BUS", "");
    if (shape().isPresent() && !elsewhere.isBlank()) {
      return elsewhere;
    }
    return host(ports.broker()) + ":" + ports.broker();
  }

  /** What a service wants to see of who comes from another container. */
  Optional<String> authorization() {
    var file = environment.get("POSTBUS_TOKEN_FILE");
    if (file == null || file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of("Bearer " + Files.readString(Path.of(file)).strip());
    } catch (IOException e) {
      throw new Failure(
          "cannot read the token in " + file + ", which config-service makes when it starts");
    }
  }

  /** The stack, as far as it can be told from here; empty outside of its containers. */
  Optional<StackState> stack() {
    return shape()
        .map(
            shape -> {
              var settings =
                  new StackSettings(
                      environment.getOrDefault("MAIL_DOMAIN", "_relay.localhost"), 0, shape);
              var now = Instant.now();
              var processes =
                  shape == Shape.TOGETHER ? List.of(shape.processOf("broker")) : Shape.SERVICES;
              return new StackState(
                  ProcessHandle.current().pid(),
                  now,
                  settings,
                  processes.stream().map(name -> process(name, settings.ports(), now)).toList());
            });
  }

  private StackState.Service process(String name, StackPorts ports, Instant now) {
    var there = name.equals("broker") ? busAnswers(ports) : answers(port(name, ports));
    return new StackState.Service(name, there ? "ready" : "away", null, now, 0, null);
  }

  private static int port(String name, StackPorts ports) {
    return switch (name) {
      case "cert-service" -> ports.cert();
      case "mail-supervisor" -> ports.mail();
      case "web-service" -> ports.web();
      default -> ports.config();
    };
  }

  /** Whether somebody takes connections there. */
  boolean answers(int port) {
    return answers(new InetSocketAddress(host(port), port));
  }

  /** Whether a broker takes connections. */
  boolean busAnswers(StackPorts ports) {
    return Stream.of(bus(ports).split(","))
        .map(String::strip)
        .map(broker -> broker.lastIndexOf(':') < 0 ? broker + ":" + ports.broker() : broker)
        .map(Containers::address)
        .anyMatch(Containers::answers);
  }

  private static InetSocketAddress address(String broker) {
    var colon = broker.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          broker.substring(0, colon), Integer.parseInt(broker.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new Failure("POSTBUS_BUS: " + broker + " is no HOST:PORT");
    }
  }

  private static boolean answers(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address, CONNECT_MILLIS);
      return true;
    } catch (IOException away) {
      return false;
    }
  }
}
