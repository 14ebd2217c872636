package dev.postbus.mail;

import dev.postbus.applier.TlsListener;
import dev.postbus.certificates.TlsProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Logger;

/**
 * Opens ports of Postfix that a reload has blocked. While its master reads its files, it does not
 * hear that one of its processes has just taken a client, and loses that message with the pipe it
 * was in (master_status_cleanup in its sources). From then on it leaves new connections to that
 * process, which is busy until its client goes: minutes, for somebody who sends a message now and
 * then. When the process ends, the master counts anew.
 */
final class BlockedListeners {
  private static final Logger LOG = Logger.getLogger(BlockedListeners.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration AFTER_HELP = Duration.ofSeconds(1);

  private final List<TlsListener> listeners;

  BlockedListeners(List<TlsListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /**
   * Sees to it that each port takes connections. Where one does not, its sessions are ended until
   * it does: one, two more, four more, those first that began closest to the reload, as most likely
   * it is those. On a busy machine the master reads its files some time after it was told to.
   *
   * @param master Postfix's master
   * @param reload when it was told to reload
   */
  synchronized void open(ProcessHandle master, Instant reload) {
    for (var listener : listeners) {
      if (!takes(listener, PATIENCE)) {
        help(listener, processesAround(reload, listener, master));
      }
    }
  }

  private static void help(TlsListener listener, List<ProcessHandle> processes) {
    var ended = 0;
    for (int next = 1; ended < processes.size(); next *= 2) {
      var some = processes.subList(ended, Math.min(ended + next, processes.size()));
      some.forEach(ProcessHandle::destroy);
      ended += some.size();
      if (takes(listener, AFTER_HELP)) {
        break;
      }
    }
    LOG.warning(
        "port %d took no connections after a reload: ended %d of %d sessions"
            .formatted(listener.port(), ended, processes.size()));
  }

  private static List<ProcessHandle> processesAround(
      Instant reload, TlsListener listener, ProcessHandle master) {
    return master
        .children()
        .filter(process -> serves(process, listener))
        .sorted(Comparator.comparing(one -> Duration.between(reload, startOf(one)).abs()))
        .toList();
  }

  /** The master names the service to its processes: {@code smtpd -n 465 -t inet ...}. */
  private static boolean serves(ProcessHandle process, TlsListener listener) {
    var arguments = List.of(process.info().arguments().orElse(new String[0]));
    var name = arguments.indexOf("-n") + 1;
    return name > 0
        && name < arguments.size()
        && arguments.get(name).equals(Integer.toString(listener.port()));
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  private static boolean takes(TlsListener listener, Duration patience) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port());
    try {
      return !TlsProbe.fingerprint(address, listener.protocol(), "localhost", patience).isEmpty();
    } catch (IOException silent) {
      return false;
    }
  }
}
