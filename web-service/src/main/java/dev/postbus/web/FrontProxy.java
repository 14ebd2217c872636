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

  private static final String FOUR_NUMBERS = "\\d{1,3}(\\.\\d{1,3}){3}";

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
    var bits = addressBits(parts[0]);
    if (bits == 0 || parts.length > 2 || (parts.length == 2 && !isPrefix(parts[1], bits))) {
      throw new IllegalArgumentException(
          "POSTBUS_PROXY_FROM must be addresses, networks such as 192.0.2.0/24, or 'attached',"
              + " with commas between, and not '"
              + name
              + "'");
    }
  }

  /** How long an address is; 0 if it is none. Java knows shorter forms, which nginx does not. */
  private static int addressBits(String address) {
    if (address.indexOf(':') < 0 && !address.matches(FOUR_NUMBERS)) {
      return 0;
    }
    try {
      return InetAddress.ofLiteral(address).getAddress().length * 8;
    } catch (IllegalArgumentException none) {
      return 0;
    }
  }

  private static boolean isPrefix(String length, int bits) {
    return length.matches("\\d{1,3}") && Integer.parseInt(length) <= bits;
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
