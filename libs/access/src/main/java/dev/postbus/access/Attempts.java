package dev.postbus.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Wrong tokens by who sent them: after a few, no more is looked at for a while. */
public final class Attempts {
  /** Within {@link #WINDOW}. */
  public static final int ALLOWED = 5;

  /** From the first wrong one on. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST_SENDERS = 1000;
  private static final int NETWORK_BYTES = 8;

  private final Clock clock;
  private final Map<String, Window> windows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > MOST_SENDERS;
        }
      };

  private record Window(Instant begin, int wrong) {}

  /** None yet. */
  public Attempts(Clock clock) {
    this.clock = clock;
  }

  /** Whether a sender must wait. */
  public synchronized boolean blocked(InetAddress sender) {
    var window = windows.get(sender(sender));
    return window != null && !over(window) && window.wrong() >= ALLOWED;
  }

  /** Counts a wrong token. */
  public synchronized void wrong(InetAddress sender) {
    windows.compute(
        sender(sender),
        (who, window) ->
            window == null || over(window)
                ? new Window(clock.instant(), 1)
                : new Window(window.begin(), window.wrong() + 1));
  }

  private boolean over(Window window) {
    return !clock.instant().isBefore(window.begin().plus(WINDOW));
  }

  /** Who has one IPv6 address has a whole network of them. */
  private static String sender(InetAddress address) {
    var bytes = address.getAddress();
    return HexFormat.of()
        .formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
  }
}
