package dev.postbus.bench.soak;

import java.time.Duration;

/**
 * How much is done, and how often.
 *
 * @param length how long, without the wait for the last messages
 * @param mailEvery from one message to the next, on average
 * @param loginEvery from one login to the next
 * @param loginsPerAccount one of so many logins is the first of a new account
 * @param busy clients in IDLE that get most of the mail
 * @param quiet clients in IDLE that get little, so that they hibernate in between
 * @param offline clients that fetch now and then
 * @param changeEvery from one change to the next, in turns
 * @param killEvery from one kill to the next, in turns
 * @param sampleEvery from one sample to the next
 * @param warmUp time from the beginning that trends leave out
 */
public record SoakPlan(
    Duration length,
    Duration mailEvery,
    Duration loginEvery,
    int loginsPerAccount,
    int busy,
    int quiet,
    int offline,
    Duration changeEvery,
    Duration killEvery,
    Duration sampleEvery,
    Duration warmUp) {
  static final int PAYLOAD_BYTES = 3_000;

  private static final Duration SAMPLE = Duration.ofSeconds(15);
  private static final Duration WARM_UP = Duration.ofMinutes(5);

  /** Five messages a second, and each kind of change once a minute; short runs also see kills. */
  public static SoakPlan full(Duration length) {
    return new SoakPlan(
        length,
        Duration.ofMillis(200),
        Duration.ofSeconds(2),
        15,
        10,
        40,
        10,
        Duration.ofSeconds(30),
        shorter(Duration.ofMinutes(3), length.dividedBy(3)),
        shorter(SAMPLE, length.dividedBy(6)),
        shorter(WARM_UP, length.dividedBy(3)));
  }

  /** The mail of a few people; what is done to the relay is up to the caller: nothing. */
  public static SoakPlan light(Duration length) {
    return new SoakPlan(
        length,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        15,
        2,
        10,
        2,
        length,
        length,
        shorter(SAMPLE, length.dividedBy(6)),
        shorter(WARM_UP, length.dividedBy(3)));
  }

  /** Only mail and logins, for as long as somebody else measures. */
  static SoakPlan beside(Duration mailEvery) {
    var full = full(Duration.ofHours(1));
    return new SoakPlan(
        full.length(),
        mailEvery,
        full.loginEvery(),
        full.loginsPerAccount(),
        full.busy(),
        full.quiet(),
        full.offline(),
        full.length(),
        full.length(),
        full.sampleEvery(),
        full.warmUp());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
