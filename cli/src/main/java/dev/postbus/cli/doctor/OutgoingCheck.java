package dev.postbus.cli.doctor;

import dev.postbus.doctor.Check;
import dev.postbus.doctor.Finding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Whether one gets to other mail servers from here: many providers block port 25.
 *
 * @param server a mail server elsewhere
 * @param port its port
 * @param required whether mail is to go to others
 */
record OutgoingCheck(String server, int port, boolean required) implements Check {
  private static final int MILLIS = 5_000;
  private static final int GREETING = 3;

  @Override
  public String name() {
    return "outgoing";
  }

  @Override
  public List<Finding> look() {
    var address = new InetSocketAddress(server, port);
    if (address.isUnresolved()) {
      return List.of(
          warning(
              "%s is not known here, so port %d outwards was not tried".formatted(server, port),
              "see what is said of the resolver; or try another one: --mail-server HOST"));
    }
    try (var socket = new Socket()) {
      socket.connect(address, MILLIS);
      socket.setSoTimeout(MILLIS);
      var said =
          new String(socket.getInputStream().readNBytes(GREETING), StandardCharsets.ISO_8859_1);
      return List.of(
          said.equals("220")
              ? ok("port %d of %s can be reached".formatted(port, server))
              : found("something else than a mail server answers there"));
    } catch (IOException e) {
      return List.of(found(String.valueOf(e.getMessage())));
    }
  }

  private Finding found(String why) {
    var message = "port %d of %s cannot be reached: %s".formatted(port, server, why);
    var next =
        "ask your provider to open port 25 outwards: mail to other servers needs it; to try"
            + " another one: --mail-server HOST";
    return required ? problem(message, next) : warning(message, next);
  }
}
