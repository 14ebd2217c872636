package dev.postbus.web;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A proxy that clients come by, which tells their addresses in the PROXY protocol: HAProxy's,
 * version 1 or 2. It gets ports of its own; those for clients are as they are.
 *
 * @param trusted addresses and networks whose word on a client's address is believed; without any,
 *     there is no such proxy
 */
record FrontProxy(List<String> trusted) {
  /** There is none. */
  static final FrontProxy NONE = new FrontProxy(List.of());

  /** All networks that this machine, or container, is attached to. */
  private static final String ATTACHED = "attached";

  FrontProxy {
    trusted = List.copyOf(trusted);
  }

  /**
   * The one that a setting names.
   *
   * @param named addresses, networks ({@code 10.0.0.0/8}) or {@code attached}
   * @throws IllegalArgumentException with what is allowed
   */
  static FrontProxy of(List<String> named) {
    var trusted = new ArrayList<String>();
    for (var one : named) {
      var name = one.strip();
      if (name.equals(ATTACHED)) {
        trusted.addAll(attached());
      } else if (!name.isEmpty()) {
        check(name);
        trusted.add(name);
      }
    }
    return new FrontProxy(trusted);
  }

  boolean exists() {
    return !trusted.isEmpty();
  }

  private static void check(String name) {
    var parts = name.split("/", -1);
    try {
      var bits = InetAddress.ofLiteral(parts[0]).getAddress().length * 8;
      if (parts.length == 1
          || (parts.length == 2
              && parts[1].matches("\\d{1,3}")
              && Integer.parseInt(parts[1]) <= bits)) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // It is told below what is wrong.
    }
    throw new IllegalArgumentException(
        "POSTBUS_PROXY_FROM must be addresses, networks such as 192.0.2.0/24, or 'attached',"
            + " with commas between, and not '"
            + name
            + "'");
  }

  private static List<String> attached() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(FrontProxy::isOutward)
          .flatMap(one -> one.getInterfaceAddresses().stream())
          .flatMap(FrontProxy::network)
          .sorted()
          .toList();
    } catch (SocketException e) {
      throw new IllegalStateException("cannot ask for this machine's networks", e);
    }
  }

  private static boolean isOutward(NetworkInterface one) {
    try {
      return one.isUp() && !one.isLoopback();
    } catch (SocketException gone) {
      return false;
    }
  }

  private static Stream<String> network(InterfaceAddress address) {
    // A zone, which link-local addresses have, is nothing that nginx knows.
    return address.getAddress().isLinkLocalAddress()
        ? Stream.empty()
        : Stream.of(
            address.getAddress().getHostAddress().replaceFirst("%.*", "")
                + "/"
                + address.getNetworkPrefixLength());
  }
}
