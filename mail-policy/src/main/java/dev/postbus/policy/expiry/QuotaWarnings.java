package dev.postbus.policy.expiry;

import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.net.LineReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes Dovecot's quota warnings, and brings the mailbox in question down. Dovecot calls the
 * program of a {@code quota_warning} over a Unix socket by its script protocol
 * (lib-program-client): lines {@code VERSION}, {@code noreply} or {@code -}, the arguments, and an
 * empty one. So there need be no program: this is the other end.
 */
public final class QuotaWarnings {
  private static final Logger log = Logger.getLogger(QuotaWarnings.class.getName());
  private static final String VERSION = "VERSION\tscript\t";
  private static final int LONGEST_LINE = 1000;
  private static final int MOST_LINES = 100;
  private static final int MOST_WAITING = 10_000;

  private final Accounts accounts;
  private final Expiry expiry;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  // Of its own: reading a file system keeps a virtual thread's carrier.
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("quota-warning").daemon().factory());
  private final LongAdder runs = new LongAdder();
  private final LongAdder mails = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /** Expires mailboxes of the given accounts. */
  public QuotaWarnings(Accounts accounts, Expiry expiry) {
    this.accounts = accounts;
    this.expiry = expiry;
  }

  /**
   * What has been done since the start of this process.
   *
   * @param runs mailboxes looked at
   * @param mails removed
   * @param bytes removed, on disk
   */
  public record Counters(long runs, long mails, long bytes) {}

  /** What has been done so far. */
  public Counters counters() {
    return new Counters(runs.sum(), mails.sum(), bytes.sum());
  }

  /** Serves one call; the address is its first argument. */
  public void serve(SocketChannel connection) throws IOException {
    var lines = new LineReader(Channels.newInputStream(connection), LONGEST_LINE);
    var version = lines.line();
    if (version == null || !version.startsWith(VERSION)) {
      throw new IOException("not a call by Dovecot's script protocol");
    }
    var address = "";
    var quiet = false;
    var arguments = 0;
    var head = true;
    for (int i = 0; i < MOST_LINES; i++) {
      var line = lines.line();
      if (line == null || line.equals("\n")) {
        break;
      }
      var text = line.substring(0, line.length() - 1);
      if (head) {
        // Before the mode there may be lines with variables of the environment.
        quiet = text.equals("noreply");
        head = !quiet && !text.equals("-");
      } else if (arguments++ == 0) {
        address = text;
      }
    }
    if (!quiet) {
      Channels.newOutputStream(connection).write("+\n".getBytes(StandardCharsets.US_ASCII));
    }
    accounts.home(address).ifPresent(this::enqueue);
  }

  private void enqueue(Path home) {
    var name = home.getFileName().toString();
    // One that waits is going to be looked at: that is enough for this call too.
    if (waiting.size() < MOST_WAITING && waiting.add(name)) {
      worker.execute(
          () -> {
            waiting.remove(name);
            cut(Path.of(name));
          });
    }
  }

  private void cut(Path name) {
    try {
      var removed = expiry.cutToQuota(name).removed(Reason.QUOTA);
      runs.increment();
      mails.add(removed.count());
      bytes.add(removed.bytes());
      log.log(Level.INFO, "a mailbox near its quota lost {0} mails", removed.count());
    } catch (IOException | RuntimeException e) {
      log.log(
          Level.WARNING,
          "a mailbox near its quota could not be expired: {0}",
          e.getClass().getSimpleName());
    }
  }
}
