package dev.postbus.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.bench.mail.Account;
import dev.postbus.mail.SignedZones.Zone;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import org.apache.james.jdkim.DKIMSigner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail from domains whose keys stand in signed zones, at port 25: with the real name server, the
 * relay's own unbound, postfix and mail-policy.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DnssecTest {
  private static final String DOMAIN = "relay.test";
  private static final String LATER =
      "451 4.7.5 The DKIM key cannot be looked up now, try again later";
  private static final String INVALID = "554 5.7.1 No valid DKIM signature found";

  private KeyPair key;
  private SignedZones dns;
  private RunningMail relay;
  private Account bob;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    key = generator.generateKeyPair();
    var record =
        "sel._domainkey 60 TXT \"v=DKIM1;k=rsa;p=%s\""
            .formatted(Base64.getEncoder().encodeToString(key.getPublic().getEncoded()));
    dns =
        SignedZones.serve(
            folder,
            Zone.signed("good.test", record),
            // Its key's record was changed after it was signed, for a key that would fit.
            Zone.signed("forged.test", record.replace("k=rsa;", "k=rsa;n=old;"))
                .forged("k=rsa;n=old;", "k=rsa;"),
            // As if there were none: what proves that a name is missing is signed too.
            Zone.signed("hidden.test", record)
                .forged("sel._domainkey.hidden.test.", "other._domainkey.hidden.test."),
            Zone.unsigned("unsigned.test", record));
    relay = RunningMail.prepare(Map.of("mail_domain", DOMAIN, "disable_ipv6", "true"));
    Files.writeString(
        relay.settings().unboundLocal().resolve("test.conf"), dns.unbound("lame.test"));
    relay.start("");
    bob = Account.fresh(DOMAIN);
    relay.imap(bob).close();
  }

  @AfterAll
  void stop() throws IOException {
    if (relay != null) {
      relay.close();
    }
    if (dns != null) {
      dns.close();
    }
  }

  @Test
  void aKeyWithAValidSignatureCounts() throws Exception {
    assertThat(send("good.test")).startsWith("250 2.0.0");
  }

  @Test
  void aKeyOfADomainWithoutDnssecCounts() throws Exception {
    assertThat(send("unsigned.test")).startsWith("250 2.0.0");
  }

  @Test
  void aForgedKeyIsNoKeyAndNoReasonToRefuseForGood() throws Exception {
    assertThat(send("forged.test")).isEqualTo(LATER);
  }

  @Test
  void aKeyThatIsHiddenIsNotTakenForOneThatIsNotThere() throws Exception {
    assertThat(send("hidden.test")).isEqualTo(LATER);
  }

  @Test
  void aKeyThatIsProvenNotToBeThereIsARefusal() throws Exception {
    assertThat(send("gone.good.test")).isEqualTo(INVALID);
  }

  @Test
  void aNameServerThatFailsIsAReasonToWait() throws Exception {
    assertThat(send("lame.test")).isEqualTo(LATER);
  }

  /** Mail as a domain's server brings it. */
  private String send(String signer) throws Exception {
    var message = Letters.encrypted("alice@" + signer, bob.address());
    var signature =
        new DKIMSigner(
                "v=1; a=rsa-sha256; c=relaxed/simple; s=sel; d=%s; h=from:to:subject:from; bh=; b=;"
                    .formatted(signer),
                key.getPrivate())
            .sign(new ByteArrayInputStream(message.getBytes(StandardCharsets.US_ASCII)));
    try (var peer = new SmtpPeer(relay.settings().ports().smtp())) {
      return peer.send("back@other.test", bob.address(), signature + "\r\n" + message);
    }
  }
}
