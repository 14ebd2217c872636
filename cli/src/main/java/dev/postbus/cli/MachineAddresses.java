package dev.postbus.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Addresses by which others reach a machine.
 *
 * @param ipv4 empty where they are not known; a list without any where there are none
 * @param ipv6 the same
 */
record MachineAddresses(Optional<List<Inet4Address>> ipv4, Optional<List<Inet6Address>> ipv6) {
  // For documentation (RFC 5737, RFC 3849): routed as any other, and nothing is sent there.
  private static final InetAddress FAR4 = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress FAR6 = InetAddress.ofLiteral("2001:db8::1");

  /** The addresses that this machine sends from, as far as others reach them. */
  static MachineAddresses detected() {
    var four = source(FAR4);
    var six = source(FAR6);
    var ipv6 =
        six.filter(MachineAddresses::isPublic)
            .map(Inet6Address.class::cast)
            .map(List::of)
            .or(() -> Optional.of(List.of()));
    if (four.isEmpty()) {
      return new MachineAddresses(Optional.of(List.of()), ipv6);
    }
    // Who translates its address may translate the other too.
    return isPublic(four.get())
        ? new MachineAddresses(four.map(Inet4Address.class::cast).map(List::of), ipv6)
        : new MachineAddresses(Optional.empty(), ipv6.filter(list -> !list.isEmpty()));
  }

  /** These, with what another knows where these do not. */
  MachineAddresses or(MachineAddresses other) {
    return new MachineAddresses(
        ipv4.or(other::ipv4),
        // Who says one address says all of them.
        ipv6.or(
            () -> ipv4.isPresent() ? other.ipv6().or(() -> Optional.of(List.of())) : other.ipv6()));
  }

  /** These, for a relay that listens on IPv4 alone. */
  MachineAddresses withoutIpv6() {
    return new MachineAddresses(ipv4, Optional.of(List.of()));
  }

  /** The kernel's choice of the source: connecting a datagram socket sends nothing. */
  private static Optional<InetAddress> source(InetAddress far) {
    try (var socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(far, 53));
      return Optional.of(socket.getLocalAddress())
          .filter(own -> !own.isAnyLocalAddress() && !own.isLoopbackAddress())
          .filter(own -> own.getClass() == far.getClass());
    } catch (IOException | java.io.UncheckedIOException noRoute) {
      return Optional.empty();
    }
  }

  static boolean isPublic(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length > 4) {
      // Global unicast, 2000::/3 (RFC 4291).
      return (bytes[0] & 0xe0) == 0x20;
    }
    // Shared between a provider's customers, 100.64.0.0/10 (RFC 6598).
    var shared = (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
    return !address.isSiteLocalAddress() && !address.isLinkLocalAddress() && !shared;
  }
}
