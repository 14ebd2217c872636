package dev.postbus.containers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;

/**
 * A client of a container at another address than all that come by its published ports have: these
 * come from the gateway of one of its networks.
 */
final class OtherClient {
  private OtherClient() {}

  /**
   * Connects.
   *
   * @param container as inspected
   * @param network the end of the name of the one that it is reached in
   */
  static Socket connect(JsonNode container, String network, int port) throws IOException {
    var networks = container.at("/NetworkSettings/Networks");
    for (var one : networks.properties()) {
      if (one.getKey().endsWith(network)) {
        var address = InetAddress.ofLiteral(one.getValue().path("IPAddress").asText());
        return new Socket(address, port, source(networks), 0);
      }
    }
    throw new IOException("the container is in no network " + network);
  }

  private static InetAddress source(JsonNode networks) throws IOException {
    var gateways = networks.findValuesAsText("Gateway");
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isLoopbackAddress())
        .filter(address -> !gateways.contains(address.getHostAddress()))
        .findFirst()
        .orElseThrow(() -> new IOException("this machine has no other address"));
  }
}
