package dev.postbus.cert.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of now and a bit, which a test moves. */
final class MovedClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  void move(Duration further) {
    ahead = ahead.plus(further);
  }

  void moveTo(Instant time) {
    ahead = Duration.between(Instant.now(), time);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("there is one zone here");
  }
}
