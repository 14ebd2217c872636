package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.certificates.CertificateCheck;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertReason;
import dev.postbus.events.RelayActivity;
import dev.postbus.testing.Pebble;
import java.nio.file.Files;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates from the real pebble, with 5 % of its nonces refused. */
class AcmeTest extends AcmeFixture {
  @Test
  void theFirstCertificateIsForAllNamesWithAKeyOfItsOwn() throws Exception {
    step(keeper());

    var installed = home.installed.getFirst();
    assertThat(home.installed).hasSize(1);
    assertThat(
            CertificateCheck.problems(installed.chain(), installed.key(), NAMES, Clock.systemUTC()))
        .isEmpty();
    assertThat(installed.chain()).hasSizeGreaterThan(1);
    assertThat(installed.reason()).isEqualTo(CertReason.ISSUED);
    assertThat(StoredCertificate.names(installed.chain().getFirst()))
        .containsExactlyInAnyOrderElementsOf(NAMES);
  }

  @Test
  void whatIsAskedOfAnAuthorityIsOnTheBusBeforeItsAnswer() throws Exception {
    step(keeper());

    var events = published();
    assertThat(events)
        .extracting(e -> e.event().getClass().getSimpleName())
        .containsExactly("AcmeAccountRegistered", "CertOrderBegun");
    assertThat(events.getLast().id()).isEqualTo(home.installed.getFirst().cause());
    assertThat(events.getLast().causationId()).isEqualTo("because");
    assertThat(published(RelayActivity.AcmeAccountRegistered.class).getFirst().account())
        .startsWith("https://localhost:" + servers.pebble().port() + "/");
    assertThat(orders().getFirst().challenge()).isEqualTo("http-01");
  }

  @Test
  void whatBelongsIntoCaaIsToldOnceThereIsAnAccount() throws Exception {
    var keeper = keeper();
    assertThat(keeper.caaAccounts()).singleElement().extracting(CaaAccount::account).isNull();

    step(keeper);

    var account = published(RelayActivity.AcmeAccountRegistered.class).getFirst();
    // The authority itself says nothing about CAA: it stands under its host's name.
    assertThat(keeper.caaAccounts())
        .containsExactly(new CaaAccount(account.authority(), "localhost", account.account()));
    keeper.follow(null, null);
    assertThat(keeper.caaAccounts()).isEmpty();
  }

  @Test
  void itIsRenewedByTheSameAccountAtTwoThirdsOfItsLifetime() throws Exception {
    // Given a certificate
    var keeper = keeper();
    step(keeper);
    keeper.step();
    var first = home.installed.getFirst().chain().getFirst();
    var outlook = keeper.outlook();
    var start = first.getNotBefore().toInstant();
    var lifetime = Duration.between(start, first.getNotAfter().toInstant());
    assertThat(outlook.renewal().orElseThrow())
        .isBetween(
            start.plus(lifetime.multipliedBy(2).dividedBy(3)),
            start.plus(lifetime.multipliedBy(7).dividedBy(10)).plusSeconds(1));

    // When the time before that passes, nothing is ordered
    clock.moveTo(outlook.renewal().orElseThrow().minus(Duration.ofMinutes(5)));
    keeper.step();
    assertThat(home.installed).hasSize(1);

    // When it comes, there is a new one with another key
    clock.moveTo(outlook.renewal().orElseThrow());
    keeper.step();
    assertThat(home.installed).hasSize(2);
    var second = home.installed.getLast();
    assertThat(second.reason()).isEqualTo(CertReason.RENEWED);
    assertThat(second.chain().getFirst().getPublicKey()).isNotEqualTo(first.getPublicKey());
    assertThat(published(RelayActivity.AcmeAccountRegistered.class)).hasSize(1);
    assertThat(orders()).hasSize(2);
  }

  @Test
  void theTimeThatWasDrawnOutlivesARestart() throws Exception {
    var keeper = keeper();
    step(keeper);
    keeper.step();

    var again = keeper();
    again.step();

    assertThat(again.outlook().renewal()).isEqualTo(keeper.outlook().renewal());
    assertThat(home.installed).hasSize(1);
  }

  @Test
  void certificatesOfSixDaysAreRenewedAfterFour() throws Exception {
    var options =
        new Pebble.Options()
            .httpPort(servers.httpPort())
            .dnsPort(servers.dns().port())
            .validity(Duration.ofDays(6));
    try (var shortLived = pebble(options)) {
      ask(shortLived.directory().toString(), shortLived.trust());
      var keeper = keeper();
      step(keeper);
      keeper.step();

      var left = Duration.between(Instant.now(), keeper.outlook().renewal().orElseThrow());
      assertThat(left).isBetween(Duration.ofHours(4 * 24 - 1), Duration.ofHours(4 * 24 + 5));
    }
  }

  @Test
  void theAuthorityIsToldWhatItReplacesAndAskedWhen() throws Exception {
    // Given an authority with renewal information
    try (var proxy = faulty()) {
      var start = Instant.now().plus(Duration.ofDays(10));
      proxy.suggest(start, start.plus(Duration.ofHours(1)));
      var keeper = keeper();
      step(keeper);
      keeper.step();
      assertThat(keeper.outlook().renewal().orElseThrow())
          .isBetween(start, start.plus(Duration.ofHours(1)));
      assertThat(keeper.outlook().why()).contains("suggests", "/why");
      assertThat(proxy.renewalQuestions()).hasSize(1);

      // When it wants its certificates back earlier
      var asked = proxy.renewalQuestions().getFirst();
      proxy.suggest(Instant.now().minusSeconds(60), Instant.now().minusSeconds(30));
      clock.move(Duration.ofMinutes(59));
      keeper.step();
      assertThat(home.installed).hasSize(1);
      clock.move(Duration.ofMinutes(2));
      keeper.step();

      // Then the order names the certificate, by the same identifier
      assertThat(home.installed).hasSize(2);
      assertThat(proxy.orders()).hasSize(2);
      assertThat(proxy.orders().getFirst().has("replaces")).isFalse();
      assertThat(proxy.orders().getLast().path("replaces").asText()).isEqualTo(asked);
      assertThat(orders().getLast().reason()).contains("suggests");
    }
  }

  @Test
  void whenNoRenewalInformationIsToBeHadThereIsStillATime() throws Exception {
    try (var proxy = faulty()) {
      proxy.suggest(Instant.now(), Instant.now());
      proxy.answer("/renewal-info/", FaultyCa.Fault.error(500, "serverInternal", "later"));
      var keeper = keeper();
      step(keeper);
      keeper.step();

      assertThat(keeper.outlook().renewal()).isPresent();
      assertThat(keeper.outlook().why()).contains("two thirds");
    }
  }

  @Test
  void anOperatorGetsANewOneOnlyIfItIsDueOrForced() throws Exception {
    var keeper = keeper();
    step(keeper);
    keeper.step();

    var early = keeper.renew(false, null);
    keeper.step();
    assertThat(early.join()).hasValueSatisfying(why -> assertThat(why).contains("--force"));
    var forced = keeper.renew(true, null);
    keeper.step();

    assertThat(forced.join()).isEmpty();
    assertThat(home.installed).hasSize(2);
    assertThat(orders().getLast().reason()).contains("operator");
  }

  @Test
  void otherNamesGetAnotherCertificate() throws Exception {
    var keeper = keeper(new Need(NAMES.subList(0, 1), ""));
    step(keeper);

    keeper.follow(NEED, "names");
    keeper.step();

    assertThat(home.installed).hasSize(2);
    assertThat(home.installed.getLast().reason()).isEqualTo(CertReason.REPLACED);
    assertThat(StoredCertificate.names(home.installed.getLast().chain().getFirst()))
        .containsExactlyInAnyOrderElementsOf(NAMES);
  }

  @Test
  void keysMayBeRsaAndAccountsBoundToAnotherOne() throws Exception {
    var mac = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    var options =
        new Pebble.Options()
            .httpPort(servers.httpPort())
            .dnsPort(servers.dns().port())
            .binding("kid-1", mac);
    try (var bound = pebble(options)) {
      // Given an authority that takes bound accounts alone
      ask(bound.directory().toString(), bound.trust());
      settings.put("key", "rsa");
      step(keeper());
      assertThat(home.installed).isEmpty();
      assertThat(failures().getFirst().kind()).isEqualTo("account");

      // When the binding is given
      settings.put(
          "eab", Files.writeString(folder.resolve("eab"), "kid-1\n" + mac + "\n").toString());
      clock.move(Duration.ofMinutes(2));
      keeper().step();

      // Then there is a certificate
      var key = (RSAPublicKey) home.installed.getFirst().chain().getFirst().getPublicKey();
      assertThat(key.getModulus().bitLength()).isEqualTo(2048);
      assertThat(published().toString()).doesNotContain(mac);
    }
  }

  @Test
  void aProfileIsAskedFor() throws Exception {
    try (var proxy = faulty()) {
      settings.put("profile", "shortlived");
      step(keeper());

      assertThat(proxy.orders().getFirst().path("profile").asText()).isEqualTo("shortlived");
    }
  }

  @Test
  void anAddressGetsOneToo() throws Exception {
    step(keeper(new Need(List.of("127.0.0.1"), "")));

    assertThat(StoredCertificate.names(home.installed.getFirst().chain().getFirst()))
        .containsExactly("127.0.0.1");
  }

  @Test
  void namesAreProvenByTls() throws Exception {
    // Given a responder that pebble reaches as nginx would, at the port for 443
    settings.put("challenge", "tls-alpn-01");
    settings.put("tls", "127.0.0.1:" + servers.tlsPort());
    settings.put("pre-check", "false");

    step(keeper());

    assertThat(home.installed).hasSize(1);
    assertThat(orders().getFirst().challenge()).isEqualTo("tls-alpn-01");
    assertThat(dev.postbus.testing.FreePort.is(servers.tlsPort())).isTrue();
  }

  @Test
  void anAddressIsProvenByTls() throws Exception {
    settings.put("challenge", "tls-alpn-01");
    settings.put("tls", "127.0.0.1:" + servers.tlsPort());
    settings.put("pre-check", "false");

    step(keeper(new Need(List.of("127.0.0.1"), "")));

    assertThat(home.installed).hasSize(1);
  }

  @Test
  void nothingIsNeededWhereNothingIsToBeHad() throws Exception {
    var keeper = keeper();
    keeper.follow(null, null);
    var before = Files.readString(acmeFolder().resolve("budget.json"));

    keeper.step();

    assertThat(acmeFolder().toFile().list()).containsExactly("budget.json");
    assertThat(acmeFolder().resolve("budget.json")).content().isEqualTo(before);
    var asked = keeper.renew(true, null);
    keeper.step();
    assertThat(asked.join()).isPresent();
  }
}
