package dev.postbus.web;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What this service is told by its environment.
 *
 * @param state root of the state; this service uses {@code web}
 * @param bind address of the public listeners; {@code *} for all
 * @param ports the ports
 * @param apiPort this service's own HTTP port on loopback
 * @param peers where other services are
 * @param custom where an operator's own files are, which go before shipped ones
 * @param proxy by whom clients come beside those who come by themselves
 */
record WebSettings(
    Path state,
    String bind,
    WebPorts ports,
    int apiPort,
    Peers peers,
    Path custom,
    FrontProxy proxy) {
  // sun_path of sockaddr_un has 108 bytes with the terminating zero, see unix(7).
  private static final int LONGEST_SOCKET_PATH = 107;

  WebSettings {
    state = state.toAbsolutePath().normalize();
    var longest = state.resolve("web/run/submissions.sock").toString();
    if (longest.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH
        || !longest.matches("[A-Za-z0-9/._+-]+")) {
      throw new IllegalArgumentException(
          "the state folder's path "
              + state
              + " must be shorter, with letters, digits and /._+- only: nginx has sockets below it");
    }
  }

  /** Without a proxy before it. */
  WebSettings(Path state, String bind, WebPorts ports, int apiPort, Peers peers, Path custom) {
    this(state, bind, ports, apiPort, peers, custom, FrontProxy.NONE);
  }

  Path folder() {
    return state.resolve("web");
  }

  Path run() {
    return folder().resolve("run");
  }

  /** Files that replace shipped ones. */
  Path customPages() {
    return custom.resolve("www/src");
  }

  Path rendered() {
    return folder().resolve("rendered");
  }

  Path certs() {
    return state.resolve("certs");
  }
}
