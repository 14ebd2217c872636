package dev.postbus.dns.wanted;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WantedRecordsTest {
  private static final String DOMAIN = "relay.test";

  @Test
  void aRelayWithEverythingWantsThese() {
    var records = WantedRecords.of(Relays.complete(DOMAIN));

    assertThat(records)
        .filteredOn(r -> r.need() == WantedRecord.Need.REQUIRED)
        .extracting(r -> r.name() + " " + r.type() + " " + r.values().getFirst())
        .containsExactly(
            "relay.test. A 192.0.2.1",
            "relay.test. AAAA 2001:db8::1",
            "relay.test. MX 10 relay.test.",
            "_mta-sts.relay.test. TXT v=STSv1; id=postbus0123456789abcdef",
            "mta-sts.relay.test. CNAME relay.test.",
            "www.relay.test. CNAME relay.test.",
            "opendkim._domainkey.relay.test. TXT v=DKIM1;k=rsa;p=%s;s=email;t=s"
                .formatted(Relays.KEY));
    assertThat(records)
        .filteredOn(r -> r.need() == WantedRecord.Need.RECOMMENDED)
        .extracting(r -> r.name() + " " + r.type() + " " + r.values().getFirst())
        .containsExactly(
            "relay.test. TXT v=spf1 a ~all",
            "_dmarc.relay.test. TXT v=DMARC1;p=reject;adkim=s;aspf=s",
            "relay.test. CAA 0 issue ca.example;accounturi=https://ca.example/acct/7",
            "_adsp._domainkey.relay.test. TXT dkim=discardable",
            "_submission._tcp.relay.test. SRV 0 1 587 relay.test.",
            "_submissions._tcp.relay.test. SRV 0 1 465 relay.test.",
            "_imap._tcp.relay.test. SRV 0 1 143 relay.test.",
            "_imaps._tcp.relay.test. SRV 0 1 993 relay.test.");
  }

  @Test
  void allThatIsWantedIsFoundRight() {
    for (var record : WantedRecords.of(Relays.complete(DOMAIN))) {
      assertThat(record.concerned(record.values())).isEqualTo(record.values());
      assertThat(record.problem(record.values())).as(record.toString()).isEmpty();
      assertThat(record.problem(List.of())).hasValue("missing");
    }
  }

  @Test
  void addressesThatThereAreNoneOfMustNotBeThere() {
    var relay = Relays.complete(DOMAIN);
    var without =
        new Relay(
            DOMAIN, relay.ipv4(), Optional.of(List.of()), relay.mtaSts(), relay.dkim(), List.of());

    var aaaa = record(without, "relay.test.", "AAAA");

    assertThat(aaaa.problem(List.of())).isEmpty();
    assertThat(aaaa.problem(List.of("2001:db8::7")).orElseThrow()).contains("2001:db8::7", "not");
  }

  @Test
  void addressesThatAreNotKnownMayBeAny() {
    var relay = Relays.complete(DOMAIN);
    var unknown =
        new Relay(
            DOMAIN, Optional.empty(), Optional.empty(), relay.mtaSts(), relay.dkim(), List.of());

    var a = record(unknown, "relay.test.", "A");

    assertThat(a.problem(List.of("198.51.100.9"))).isEmpty();
    assertThat(a.problem(List.of())).isPresent();
    assertThat(WantedRecords.of(unknown)).noneMatch(r -> r.type().equals("AAAA"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A | relay.test. | 192.0.2.1 | ",
        "A | relay.test. | 192.0.2.1 / 192.0.2.2 | leads to 192.0.2.2",
        "MX | relay.test. | 0 relay.test. | ",
        "MX | relay.test. | 10 relay.test. / 20 backup.test. | leads elsewhere: 20 backup.test.",
        "MX | relay.test. | 10 other-relay.test. | leads elsewhere",
        "MX | relay.test. | 10 relay.test. / 20 relay.test. | more than once",
        "TXT | _mta-sts.relay.test. | v=STSv1; id=20240101T000000; | ",
        "TXT | _mta-sts.relay.test. | v=STSv1; id=postbusfedcba9876543210 | id is not as wanted",
        "TXT | _mta-sts.relay.test. | v=STSv1 | id is not as wanted",
        "TXT | _mta-sts.relay.test. | v=STSv1; id=1 / v=STSv1; id=2 | 2 records",
        "CNAME | www.relay.test. | www.example. | leads elsewhere: www.example.",
        "CNAME | mta-sts.relay.test. | 192.0.2.1 | leads elsewhere: 192.0.2.1",
        "TXT | relay.test. | v=spf1 mx -all | ",
        "TXT | relay.test. | v=SPF1 A:Relay.Test include:x.test ~all | ",
        "TXT | relay.test. | v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all | ",
        "TXT | relay.test. | v=spf1 a ?all | everybody",
        "TXT | relay.test. | v=spf1 include:x.test ~all | lets the relay send",
        "TXT | relay.test. | v=spf1 a ~all / v=spf1 -all | 2 policies",
        "TXT | _dmarc.relay.test. | v=DMARC1; aspf=s ; adkim=s; p = reject; rua=mailto:a@b.test | ",
        "TXT | _dmarc.relay.test. | v=DMARC1;p=none | adkim is not as wanted, aspf is not as wanted, p is",
        "TXT | _dmarc.relay.test. | v=DMARC1;p=reject;adkim=s;aspf=s;pct=10 | pct",
        "CAA | relay.test. | 128 issue CA.example; validationmethods=http-01; accounturi=https://ca.example/acct/7 | ",
        "CAA | relay.test. | 0 issue ca.example;accounturi=https://ca.example/acct/8 | account of this relay",
        "CAA | relay.test. | 0 issue other.example | does not let ca.example issue",
        "CAA | relay.test. | 0 issue ca.example / 0 issue ca.example;accounturi=https://ca.example/acct/7 | any account",
        "TXT | _adsp._domainkey.relay.test. | dkim=all | dkim is not as wanted",
        "SRV | _imaps._tcp.relay.test. | 5 7 993 Relay.test. | ",
        "SRV | _imaps._tcp.relay.test. | 0 1 143 relay.test. | leads elsewhere",
        "SRV | _imaps._tcp.relay.test. | 0 0 0 . | leads elsewhere",
      })
  void recordsAreJudgedByWhatTheyMean(String type, String name, String found, String problem) {
    var record = record(Relays.complete(DOMAIN), name, type);

    var said = record.problem(Arrays.asList(found.split(" / ")));

    if (problem == null) {
      assertThat(said).isEmpty();
    } else {
      assertThat(said.orElseThrow()).contains(problem);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "v=DKIM1; k=rsa; p=KEY | ",
        "v=DKIM1;t=s;s=email;p=KEY;k=rsa; | ",
        "p=KEY | ",
        "v=DKIM1; p=SPACED; n=a note | ",
        "v=DKIM1;p=KEY;h=sha1:sha256;s=*;t=s | ",
        "k=rsa;v=DKIM1;p=KEY | first",
        "v=DKIM1;k=ed25519;p=KEY | k must be rsa",
        "v=DKIM1;p=KEY;h=sha1 | sha256",
        "v=DKIM1;p=KEY;s=other | email",
        "v=DKIM1;p=KEY;t=y:s | t=y",
        "v=DKIM1;p= | revokes",
        "v=DKIM1;p=CUT | cut off",
        "v=DKIM1;p=OTHER | another key",
        "v=DKIM1;p=KEY;p=KEY | not a list",
        "KEY | not a list",
        "v=DKIM1;p=KEY / v=DKIM1;p=OTHER | 2 records",
      })
  void aKeyIsComparedByMeaning(String pattern, String problem) {
    var text =
        pattern
            .replace("KEY", Relays.KEY)
            .replace("SPACED", Relays.KEY.replaceAll("(.{60})", "$1 "))
            .replace("CUT", Relays.KEY.substring(0, 200))
            .replace("OTHER", Relays.KEY.replace("AbC", "CbA"));
    var record = record(Relays.complete(DOMAIN), "opendkim._domainkey.relay.test.", "TXT");

    var said = record.problem(Arrays.asList(text.split(" / ")));

    if (problem == null) {
      assertThat(said).isEmpty();
    } else {
      assertThat(said.orElseThrow()).contains(problem);
    }
  }

  @Test
  void otherTextsOfTheDomainAreNobodysBusiness() {
    var spf = record(Relays.complete(DOMAIN), "relay.test.", "TXT");

    assertThat(spf.concerned(List.of("google-site-verification=x", "v=spf10", "v=spf1 a ~all")))
        .containsExactly("v=spf1 a ~all");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "::, ::",
    "::1, ::1",
    "fe80::, fe80::",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:0:1:0:0:0, 2001:db8:0:0:1::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::10:0:0:100, 2001:db8::10:0:0:100",
  })
  void addressesHaveTheirShortForm(String written, String shortForm) {
    assertThat(AddressText.of(InetAddress.ofLiteral(written))).isEqualTo(shortForm);
  }

  private static WantedRecord record(Relay relay, String name, String type) {
    return WantedRecords.of(relay).stream()
        .filter(r -> r.name().equals(name) && r.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
