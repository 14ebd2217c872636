package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.events.RelayActivity;
import dev.postbus.testing.FreePort;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong is told with its kind, waited out by its rules, and made good afterwards. */
class AcmeFaultTest extends AcmeFixture {
  @Test
  void anAuthorityThatIsAwayIsAskedEverMoreSeldom() throws Exception {
    // Given an authority that nobody runs
    ask("https://localhost:" + FreePort.any() + "/dir", servers.pebble().trust());
    var keeper = keeper();

    // When it is asked time and again, whenever it is due
    var minutes = new java.util.ArrayList<Long>();
    var next = step(keeper);
    for (int i = 0; i < 11; i++) {
      minutes.add(Duration.between(clock.instant(), next).plusSeconds(30).toMinutes());
      clock.moveTo(next.minusSeconds(5));
      keeper.step();
      clock.moveTo(next);
      next = keeper.step();
    }

    // Then the waits are those that were promised, with an event each
    assertThat(minutes).containsExactly(1L, 2L, 5L, 10L, 20L, 40L, 80L, 160L, 320L, 360L, 360L);
    assertThat(failures()).hasSize(12);
    assertThat(failures().getLast())
        .satisfies(
            failure -> {
              assertThat(failure.kind()).isEqualTo("unreachable");
              assertThat(failure.failures()).isEqualTo(12);
              assertThat(failure.nextAttempt()).isEqualTo(next(keeper));
              assertThat(failure.names()).isEqualTo(NAMES);
              assertThat(failure.authority()).isEqualTo(settings.get("directory"));
            });
    assertThat(orders()).isEmpty();
  }

  private static Instant next(AcmeKeeper keeper) {
    return keeper.outlook().renewal().orElseThrow();
  }

  @Test
  void aRestartDoesNotShortenTheWait() throws Exception {
    ask("https://localhost:" + FreePort.any() + "/dir", servers.pebble().trust());
    var next = step(keeper());

    assertThat(keeper().step()).isEqualTo(next);

    assertThat(failures()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/dir, 500, server-error, 0",
    "/sign-me-up, 500, server-error, 0",
    "/order-plz, 500, server-error, 1",
    "/authZ/, 500, server-error, 1",
    "/finalize-order/, 503, server-error, 1",
    "/certZ/, 502, server-error, 1",
  })
  void anErrorOfTheAuthorityAtAnyPointIsWaitedOut(String path, int status, String kind, int begun)
      throws Exception {
    try (var proxy = faulty()) {
      // Given an authority that fails at one point
      proxy.answer(path, new FaultyCa.Fault(status, Map.of(), "text/html", "<h1>oops</h1>"));
      var keeper = keeper();
      var next = step(keeper);
      assertThat(home.installed).isEmpty();
      assertThat(failures()).extracting(RelayActivity.CertIssueFailed::kind).containsExactly(kind);
      assertThat(orders()).hasSize(begun);

      // When it is well again, and its time has come
      proxy.mend();
      clock.moveTo(next);
      keeper.step();

      // Then the same order has its certificate
      assertThat(home.installed).hasSize(1);
      assertThat(orders()).hasSize(1);
      assertThat(proxy.orders()).hasSizeLessThanOrEqualTo(2);
      assertThat(keeper.outlook().problem()).isEmpty();
    }
  }

  @Test
  void noncesThatAreNeverGoodAreAFailure() throws Exception {
    try (var proxy = faulty()) {
      var refused = FaultyCa.Fault.error(400, "badNonce", "not this one");
      proxy.answer("/order-plz", refused.with("Replay-Nonce", "YW5vdGhlciBvbmU"));
      step(keeper());

      assertThat(failures().getFirst().kind()).isEqualTo("bad-nonce");
      assertThat(failures().getFirst().reason()).contains("not this one");
    }
  }

  @Test
  void whoIsAskedToWaitWaits() throws Exception {
    try (var proxy = faulty()) {
      // Given an authority that wants to be left alone for two hours
      var limited = FaultyCa.Fault.error(429, "rateLimited", "too many certificates");
      proxy.answer("/order-plz", limited.with("Retry-After", "7200"));
      var keeper = keeper();
      var next = step(keeper);
      assertThat(Duration.between(clock.instant(), next))
          .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
      assertThat(failures().getFirst().kind()).isEqualTo("rate-limited");
      assertThat(failures().getFirst().reason()).contains("too many certificates");

      // When an hour has passed, then it is left alone
      proxy.mend();
      clock.move(Duration.ofHours(1));
      keeper.step();
      assertThat(home.installed).isEmpty();

      // When two have passed, then it is asked
      clock.moveTo(next);
      keeper.step();
      assertThat(home.installed).hasSize(1);
    }
  }

  @Test
  void aWaitMayBeADateAndComeWithAnyError() throws Exception {
    try (var proxy = faulty()) {
      var date =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.now().plus(Duration.ofHours(3)).atZone(ZoneOffset.UTC));
      proxy.answer(
          "/order-plz",
          new FaultyCa.Fault(503, Map.of("Retry-After", date), "text/plain", "maintenance"));

      var next = step(keeper());

      assertThat(Duration.between(clock.instant(), next))
          .isBetween(Duration.ofMinutes(178), Duration.ofMinutes(181));
    }
  }

  @Test
  void aProofThatIsNotSeenEndsTheOrder() throws Exception {
    try (var proxy = faulty()) {
      // Given that what the authority asks is answered by somebody else
      settings.put("pre-check", "false");
      responder.lie();
      var port = FreePort.any();
      settings.put("web", "127.0.0.1:" + port);
      var keeper = keeper();
      Instant next;
      try (var own = HttpResponder.start(port, tokens)) {
        own.tellTheTruth();
        next = step(keeper);
      }
      assertThat(failures().getFirst().kind()).isEqualTo("challenge-rejected");
      assertThat(failures().getFirst().reason()).contains("relay.test", "http-01");
      assertThat(home.installed).isEmpty();
      assertThat(proxy.refused()).isEqualTo(1);

      // When that is over
      responder.tellTheTruth();
      settings.put("web", "127.0.0.1:" + servers.httpPort());
      clock.moveTo(next);
      keeper().step();

      // Then another order has its certificate: the first one cannot be mended
      assertThat(home.installed).hasSize(1);
      assertThat(orders()).hasSize(2);
      assertThat(proxy.orders().size() - proxy.refused()).isEqualTo(1);
    }
  }

  @Test
  void anAccountThatTheAuthorityHasForgottenIsMadeAgain() throws Exception {
    try (var proxy = faulty()) {
      proxy.answer("/order-plz", FaultyCa.Fault.error(400, "accountDoesNotExist", "who are you"));
      var keeper = keeper();
      var next = step(keeper);
      assertThat(failures().getFirst().kind()).isEqualTo("account");

      proxy.mend();
      clock.moveTo(next);
      keeper.step();
      assertThat(home.installed).hasSize(1);
      assertThat(published(RelayActivity.AcmeAccountRegistered.class)).hasSize(2);
    }
  }

  @Test
  void aProfileThatIsNotOfferedIsNamed() throws Exception {
    try (var proxy = faulty()) {
      settings.put("profile", "longlived");
      step(keeper());

      assertThat(failures().getFirst().kind()).isEqualTo("order-rejected");
      assertThat(failures().getFirst().reason()).contains("profile: longlived");
      assertThat(proxy.orders()).isEmpty();
    }
  }

  @Test
  void theWrongNamesAreNotTaken() throws Exception {
    try (var proxy = faulty()) {
      proxy.issueFor("other.test");
      step(keeper());

      assertThat(home.installed).isEmpty();
      assertThat(failures().getFirst().kind()).isEqualTo("wrong-certificate");
      assertThat(failures().getFirst().reason()).contains("does not cover relay.test");
    }
  }

  @Test
  void whatWouldFailIsNotOrdered() throws Exception {
    // Given a relay whose names lead to another machine
    responder.lie();
    var port = FreePort.any();
    settings.put("web", "127.0.0.1:" + port);
    try (var own = HttpResponder.start(port, tokens)) {
      own.tellTheTruth();
      step(keeper());
    }

    assertThat(failures().getFirst().kind()).isEqualTo("pre-check");
    assertThat(failures().getFirst().reason())
        .contains("relay.test", "something else", "POSTBUS_ACME_PRE_CHECK");
    assertThat(orders()).isEmpty();
  }

  @Test
  void aNameThatDnsDoesNotKnowIsNamed() throws Exception {
    servers.dns().fail("mta-sts.unknown.test");
    step(keeper(new Need(java.util.List.of("unknown.test", "mta-sts.unknown.test"), "")));

    assertThat(failures().getFirst().reason()).contains("mta-sts.unknown.test");
    assertThat(failures().getFirst().kind()).isEqualTo("pre-check");
    assertThat(orders()).isEmpty();
  }

  @Test
  void anotherAuthorityIsAskedWhenTheFirstFailsTimeAndAgain() throws Exception {
    // Given a first authority that is away and a second one
    var first = "https://localhost:" + FreePort.any() + "/dir";
    settings.put("fallback-directory", servers.pebble().directory().toString());
    settings.put("fallback-trust", servers.pebble().trust().toString());
    ask(first, servers.pebble().trust());
    var keeper = keeper();
    var next = step(keeper);
    clock.moveTo(next);
    next = keeper.step();
    assertThat(home.installed).isEmpty();

    // When it fails for the third time
    clock.moveTo(next);
    keeper.step();

    // Then the second one issues
    assertThat(home.installed).hasSize(1);
    assertThat(orders().getFirst().authority()).isEqualTo(servers.pebble().directory().toString());
    assertThat(keeper.outlook().problem()).isEmpty();
  }

  @Test
  void anotherAuthorityIsAskedOnlyIfCaaAllowsIt() throws Exception {
    var name = "caa.test";
    servers.dns().allowOnly(name, "first.example");
    try (var second = FaultyCa.before(servers.pebble(), servers.proxyKey(), folder)) {
      second.isNamed("second.example");
      settings.put("fallback-directory", second.directory().toString());
      settings.put("fallback-trust", second.trust().toString());
      ask("https://localhost:" + FreePort.any() + "/dir", servers.pebble().trust());
      var keeper = keeper(new Need(java.util.List.of(name), ""));
      var next = step(keeper);
      for (int i = 0; i < 2; i++) {
        clock.moveTo(next);
        next = keeper.step();
      }

      assertThat(home.installed).isEmpty();
      assertThat(failures().getLast().kind()).isEqualTo("caa");
      assertThat(failures().getLast().reason()).contains("first.example", "second.example");
      assertThat(second.orders()).isEmpty();
    }
  }

  @Test
  void theFirstAuthorityHasToBeAllowedByCaaToo() throws Exception {
    servers.dns().allowOnly("caa.test", "first.example");
    try (var proxy = faulty()) {
      proxy.isNamed("second.example");
      step(keeper(new Need(java.util.List.of("www.caa.test"), "")));
      assertThat(failures().getFirst().kind()).isEqualTo("caa");

      proxy.isNamed("first.example");
      clock.move(Duration.ofMinutes(2));
      keeper(new Need(java.util.List.of("www.caa.test"), "")).step();
      assertThat(home.installed).hasSize(1);
    }
  }
}
