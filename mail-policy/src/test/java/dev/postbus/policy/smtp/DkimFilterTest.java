package dev.postbus.policy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.policy.TestSettings;
import dev.postbus.policy.account.AccountCounters;
import dev.postbus.policy.account.Accounts;
import dev.postbus.policy.dkim.LocalDns;
import dev.postbus.policy.dkim.Resolver;
import dev.postbus.policy.dkim.SignedMail;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.helper.OwnWork;
import dev.postbus.policy.net.Listener;
import dev.postbus.policy.settings.PolicySettings;
import dev.postbus.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The incoming filter over its socket, with the real unbound and signatures of real keys. */
class DkimFilterTest {
  private static final String ALICE = "alice@alpha.test";
  private static final SignedMail ALPHA = new SignedMail(2048);
  private static final SignedMail BETA = new SignedMail(1024);

  @TempDir Path folder;
  private final FilterCounters counters = new FilterCounters();
  private TestHop nextHop;
  private PolicySettings settings;
  private Listener filter;
  private LocalDns dns;

  @BeforeEach
  void listen() throws IOException {
    nextHop = new TestHop(SpoolFolder.open(folder.resolve("hop"), 64 << 20));
    settings = TestSettings.withIncoming(folder, FreePort.any(), nextHop.port(), FreePort.any());
    filter =
        Filters.incoming(
            () -> settings,
            new Accounts(
                () -> settings,
                TestSettings.invites(folder),
                Clock.systemUTC(),
                new AccountCounters()),
            new OwnWork(new Resolver(settings.dkim().resolverPort())),
            counters);
    dns = serveDns();
  }

  @AfterEach
  void close() throws IOException {
    dns.close();
    filter.close();
    nextHop.close();
  }

  @Test
  void mailSignedByItsAuthorsDomainArrivesAsItWas() throws IOException {
    var signed = ALPHA.signed("alpha.test", message(ALICE));

    assertThat(send(signed)).startsWith("250");
    assertThat(nextHop.taken).containsExactly(signed);
    assertThat(counters.signatures().of(Verdict.VALID)).isEqualTo(1);
  }

  @Test
  void refusalsHaveTheirCodesAndTexts() throws IOException {
    var none = "554 5.7.1 No DKIM signature found";
    var noneValid = "554 5.7.1 No valid DKIM signature found";

    assertThat(send(message(ALICE))).isEqualTo(none);
    assertThat(send(BETA.signed("alpha.test", message(ALICE)))).isEqualTo(noneValid);
    assertThat(send(BETA.signed("beta.test", message(ALICE)))).isEqualTo(noneValid);
    assertThat(send(ALPHA.signed("unknown.test", message("a@unknown.test")))).isEqualTo(noneValid);
    assertThat(nextHop.taken).isEmpty();
    assertThat(counters.signatures().of(Verdict.UNSIGNED)).isEqualTo(1);
    assertThat(counters.signatures().of(Verdict.INVALID)).isEqualTo(3);
    assertThat(counters.verdicts().of(FilterVerdict.REFUSED_UNSIGNED)).isEqualTo(1);
    assertThat(counters.verdicts().of(FilterVerdict.REFUSED_SIGNATURE)).isEqualTo(3);
  }

  @Test
  void cleartextIsRefusedAsSuchWhetherSignedOrNot() throws IOException {
    var clear = "From: " + ALICE + "\r\nSubject: x\r\n\r\nhello\r\n";
    var refusal = "523 Encryption Needed: Invalid Unencrypted Mail";

    assertThat(send(clear)).isEqualTo(refusal);
    assertThat(send(ALPHA.signed("alpha.test", clear))).isEqualTo(refusal);
  }

  @Test
  void aDomainWhoseNameServersFailIsToComeBackLater() throws IOException {
    var signed = ALPHA.signed("broken.test", message("a@broken.test"));

    assertThat(send(signed))
        .isEqualTo("451 4.7.5 The DKIM key cannot be looked up now, try again later");
  }

  @Test
  void withoutAResolverMailComesLaterAndNotNever() throws IOException {
    // Given no resolver
    dns.close();
    var signed = ALPHA.signed("alpha.test", message(ALICE));

    // When mail comes, it is put off; unsigned mail is refused all the same
    assertThat(send(signed)).startsWith("451 4.7.5");
    assertThat(send(message(ALICE))).startsWith("554 5.7.1");

    // Then it is taken when the resolver is back
    dns = serveDns();
    assertThat(send(signed)).startsWith("250");
  }

  @Test
  void aRelayWithoutADomainAsksForNoSignature() throws IOException {
    settings = TestSettings.withoutDkim(settings);

    assertThat(send(message(ALICE))).startsWith("250");
  }

  private LocalDns serveDns() throws IOException {
    return LocalDns.serve(
        Files.createTempDirectory(folder, "dns"),
        settings.dkim().resolverPort(),
        List.of(
            LocalDns.txt(SignedMail.SELECTOR + "alpha.test", ALPHA.record()),
            LocalDns.txt(SignedMail.SELECTOR + "beta.test", BETA.record())));
  }

  private String send(String message) throws IOException {
    try (var client = new SmtpClient(settings.incoming().listen())) {
      return client.send(message, "bounces@beta.test", Samples.BOB);
    }
  }

  private static String message(String author) {
    return Samples.ENCRYPTED.replaceFirst("From: <.*>", "From: <" + author + ">");
  }
}
