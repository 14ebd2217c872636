package dev.postbus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports on loopback that nobody listens on, by TCP or UDP. */
public final class FreePort {
  private static final int TRIES = 100;

  private FreePort() {}

  /** One that the kernel chooses; others choose too, so it is to be taken soon. */
  public static int any() {
    for (int i = 0; i < TRIES; i++) {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        var port = socket.getLocalPort();
        if (isFreeForUdp(port)) {
          return port;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("no free port on loopback", e);
      }
    }
    throw new IllegalStateException("no port on loopback is free for both TCP and UDP");
  }

  /** Whether nobody listens on a port. */
  public static boolean is(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound() && isFreeForUdp(port);
    } catch (IOException taken) {
      return false;
    }
  }

  private static boolean isFreeForUdp(int port) {
    try (var socket = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
