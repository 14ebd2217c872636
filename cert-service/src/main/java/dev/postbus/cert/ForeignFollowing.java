package dev.postbus.cert;

import dev.postbus.cert.foreign.ForeignListener;
import dev.postbus.cert.foreign.ForeignPair;
import dev.postbus.cert.foreign.ForeignWatch;
import dev.postbus.cert.foreign.PairParser;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Follows a foreign manager for as long as the plan is to. */
final class ForeignFollowing implements AutoCloseable {
  private final CertificateKeeper keeper;
  private final Duration poll;
  private final Supplier<PairParser> parsers;
  private CertificatePlan.@Nullable Foreign followed;
  private @Nullable ForeignWatch watch;
  private @Nullable PairParser parser;

  /**
   * Follows nobody yet.
   *
   * @param poll how often to look without having been told of a change
   * @param parsers of foreign bytes; one is kept while a manager is followed
   */
  ForeignFollowing(CertificateKeeper keeper, Duration poll, Supplier<PairParser> parsers) {
    this.keeper = keeper;
    this.poll = poll;
    this.parsers = parsers;
  }

  /** Follows whom the plan names; what the keeper follows must be that plan already. */
  synchronized void follow(CertificatePlan plan) {
    var next = plan instanceof CertificatePlan.Foreign foreign ? foreign : null;
    if (next != null && next.equals(followed)) {
      return;
    }
    close();
    followed = next;
    if (next != null) {
      var own = parsers.get();
      parser = own;
      watch = ForeignWatch.start(next.source(), next.names(), poll, own, new ToKeeper());
    }
  }

  private final class ToKeeper implements ForeignListener {
    @Override
    public void accepted(ForeignPair pair) {
      keeper.takeForeign(pair);
    }

    @Override
    public void refused(List<String> problems) {
      keeper.refuseForeign(problems);
    }
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
    if (parser != null) {
      parser.close();
    }
    watch = null;
    parser = null;
    followed = null;
  }
}
