package dev.postbus.policy.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCheckTest {
  private static final SignedMail ALPHA = new SignedMail(1024);
  private static final String AUTHOR = "alice@alpha.test";
  private static final String MESSAGE =
      "From: Alice <"
          + AUTHOR
          + ">\r\nTo: bob@relay.test\r\nSubject: [...]\r\n\r\none\r\n two \r\n";
  private static final String KEY = SignedMail.SELECTOR + "alpha.test";

  private final Map<String, String> dns = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void publishKey() {
    dns.put(KEY, ALPHA.record());
  }

  @ParameterizedTest
  @CsvSource({"simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"})
  void aSignatureOfTheAuthorsDomainIsValidInEveryCanonicalForm(String form) {
    var signed = ALPHA.signedWith("a=rsa-sha256; h=from:to; d=alpha.test; c=" + form, MESSAGE);

    assertThat(check(signed)).isEqualTo(Verdict.VALID);
    assertThat(check(signed.replace("two", "2"))).isEqualTo(Verdict.INVALID);
    assertThat(check(signed.replace("bob@", "eve@"))).isEqualTo(Verdict.INVALID);
  }

  @Test
  void aMessageWithoutAnySignatureIsUnsigned() {
    assertThat(check(MESSAGE)).isEqualTo(Verdict.UNSIGNED);
    assertThat(asked).isEmpty();
  }

  @Test
  void theCaseOfDomainsDoesNotMatter() {
    var loud = MESSAGE.replace(AUTHOR, "Alice@Alpha.TEST");

    assertThat(check(ALPHA.signed("alpha.test", loud), "Alice@Alpha.TEST"))
        .isEqualTo(Verdict.VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta.test", "test", "mail.alpha.test", "xalpha.test"})
  void aValidSignatureOfAnotherDomainDoesNotCountAndIsNotLookedUp(String other) {
    dns.put(SignedMail.SELECTOR + other, ALPHA.record());

    assertThat(check(ALPHA.signed(other, MESSAGE))).isEqualTo(Verdict.INVALID);
    assertThat(asked).isEmpty();
  }

  @Test
  void oneValidSignatureAmongOthersIsEnough() {
    var beta = new SignedMail(1024);
    var broken = beta.signed("alpha.test", MESSAGE);
    var fields = broken.substring(0, broken.length() - MESSAGE.length());

    assertThat(check(fields + "DKIM-Signature: nonsense\r\n" + ALPHA.signed("alpha.test", MESSAGE)))
        .isEqualTo(Verdict.VALID);
    assertThat(check(fields + MESSAGE)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void onlySoManySignaturesAreTried() {
    var forged =
        "DKIM-Signature: v=1; a=rsa-sha256; d=alpha.test; s=sel; h=from; bh=AAAA; b=AAAA\r\n";
    var signed = ALPHA.signed("alpha.test", MESSAGE);

    assertThat(check(forged.repeat(SignatureCheck.MOST_SIGNATURES - 1) + signed))
        .isEqualTo(Verdict.VALID);
    asked.clear();
    assertThat(check(forged.repeat(SignatureCheck.MOST_SIGNATURES) + signed))
        .isEqualTo(Verdict.INVALID);
    assertThat(asked).hasSize(SignatureCheck.MOST_SIGNATURES);
  }

  @Test
  void anEndOfTheBodyThatIsNotSignedMakesItInvalid() {
    var part =
        ALPHA.signedWith("a=rsa-sha256; c=simple/simple; h=from; d=alpha.test; l=5", MESSAGE);
    var whole =
        ALPHA.signedWith("a=rsa-sha256; c=simple/simple; h=from; d=alpha.test; l=12", MESSAGE);

    assertThat(check(part)).isEqualTo(Verdict.INVALID);
    assertThat(check(whole)).isEqualTo(Verdict.VALID);
    assertThat(check(whole + "more\r\n")).isEqualTo(Verdict.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=rsa-sha1; h=from; d=alpha.test",
        "a=rsa-sha256; h=from; d=alpha.test; x=1000000000",
        "a=rsa-sha256; h=from; d=alpha.test; i=@sub.alpha.test",
        "a=rsa-sha256; h=from; d=alpha.test; q=dns/other",
      })
  void aSignatureThatTheRulesDoNotAllowIsInvalid(String tags) {
    dns.put(KEY, ALPHA.record());
    var good = "a=rsa-sha256; h=from; d=alpha.test; x=99999999999; i=@alpha.test";

    assertThat(check(ALPHA.signedWith(good, MESSAGE))).isEqualTo(Verdict.VALID);
    // An expired one cannot be made by the signer, which checks it as well.
    var signed =
        tags.contains("x=")
            ? ALPHA
                .signedWith(tags.replace("x=1000000000", "x=99999999999"), MESSAGE)
                .replace("x=99999999999", "x=1000000000")
            : ALPHA.signedWith(tags, MESSAGE);
    assertThat(check(signed)).isEqualTo(Verdict.INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    // Section 3.4.4 gives the hash of an empty body, section 3.4.3 that of an empty line.
    "relaxed, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "simple, frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
  })
  void anEmptyBodyHasTheHashOfTheStandard(String form, String hash) {
    var field =
        new SignatureField(
            "v=1; a=rsa-sha256; d=a; s=s; h=from; b=AAAA; c=simple/" + form + "; bh=" + hash);
    for (var body : List.of("", "\r\n", "\r\n\r\n")) {
      var sum = new BodyHash(field);
      sum.add(body.getBytes(StandardCharsets.US_ASCII), body.length());

      assertThat(sum.matches()).isTrue();
    }
  }

  @Test
  void lettersThatAreNotOfBase64MakeASignatureInvalid() {
    var signed = ALPHA.signed("alpha.test", MESSAGE);

    assertThat(check(signed.replace(" b=", " b= \t"))).isEqualTo(Verdict.VALID);
    assertThat(check(signed.replace(" b=", " b=!"))).isEqualTo(Verdict.INVALID);
    assertThat(check(signed.replaceFirst(" b=(.)", " b=$1\f"))).isEqualTo(Verdict.INVALID);
  }

  @Test
  void aControlCharacterIsPartOfWhatIsSigned() {
    var signed =
        ALPHA.signedWith("a=rsa-sha256; c=relaxed/simple; h=from:to; d=alpha.test", MESSAGE);

    assertThat(check(signed.replace("To: bob@relay.test", "To: \t bob@relay.test \t")))
        .isEqualTo(Verdict.VALID);
    assertThat(check(signed.replace("To: bob@relay.test", "To: bob@relay.test\u0001")))
        .isEqualTo(Verdict.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"d=alp\u212aa.test", "s=se\\108", "s=a..b", "s=sel."})
  void namesOfOtherLettersAreNotLookedUp(String tag) {
    // Given the Kelvin sign, whose small letter is a k, and an escape of a zone file
    var author = "alice@alpka.test";
    var field =
        "DKIM-Signature: v=1; a=rsa-sha256; h=from; bh=AAAA; b=AAAA; "
            + tag
            + (tag.startsWith("d=") ? "; s=sel" : "; d=alpka.test");

    assertThat(check(field + "\r\nFrom: " + author + "\r\n\r\n", author))
        .isEqualTo(Verdict.INVALID);
    assertThat(asked).isEmpty();
  }

  @Test
  @Timeout(60)
  void theTimeForARecordDoesNotGrowWithTheSquareOfItsLength() {
    // Given white space that a backtracking pattern would look at for a day
    var record = "v=DKIM1; s=a" + " ".repeat(2_000_000) + "b:email; p=" + ALPHA.publicKey();

    assertThat(checkWith(record, ALPHA.signed("alpha.test", MESSAGE))).isEqualTo(Verdict.VALID);
  }

  @Test
  void anAuthorThatIsNotSignedIsInvalid() {
    var signed = ALPHA.signedWith("a=rsa-sha256; h=from; d=alpha.test", MESSAGE);

    assertThat(check(signed.replace("h=from", "h=subject"))).isEqualTo(Verdict.INVALID);
  }

  @Test
  void aSecondAuthorIsInvalid() {
    var once = ALPHA.signedWith("a=rsa-sha256; h=from; d=alpha.test", MESSAGE);

    assertThat(check("From: eve@alpha.test\r\n" + once)).isEqualTo(Verdict.INVALID);
    assertThat(check(once, AUTHOR, "eve@alpha.test")).isEqualTo(Verdict.INVALID);
    assertThat(check(once, "eve@alpha.test")).isEqualTo(Verdict.INVALID);
    assertThat(check(once)).isEqualTo(Verdict.VALID);
  }

  @Test
  void aKeyThatIsNotToBeUsedMakesItInvalid() {
    var signed = ALPHA.signed("alpha.test", MESSAGE);
    var key = ALPHA.publicKey();

    assertThat(checkWith("v=DKIM1; p=" + key, signed)).isEqualTo(Verdict.VALID);
    assertThat(checkWith("v=DKIM1; h=sha1:sha256; s=tlsrpt : email; p=" + key, signed))
        .isEqualTo(Verdict.VALID);
    for (var record :
        List.of(
            "v=DKIM1; p=",
            "v=DKIM2; p=" + key,
            "v=DKIM1; k=ed25519; p=" + key,
            "v=DKIM1; h=sha1; p=" + key,
            "v=DKIM1; s=tlsrpt; p=" + key,
            "v=DKIM1; p=" + new SignedMail(1024).publicKey(),
            "v=DKIM1; p=" + key.substring(0, 40),
            "v=DKIM1; p=" + key.replace('/', '!') + "!",
            "v=spf1 -all")) {
      assertThat(checkWith(record, signed)).as(record).isEqualTo(Verdict.INVALID);
    }
    dns.clear();
    assertThat(check(signed)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void aKeyOfFewerThan1024BitsIsInvalid() {
    var small = new SignedMail(1016);

    assertThat(checkWith(small.record(), small.signed("alpha.test", MESSAGE)))
        .isEqualTo(Verdict.INVALID);
  }

  @Test
  void whenTheKeyCannotBeLookedUpNobodyKnows() {
    dns.remove(KEY);
    dns.put(KEY, "?");

    assertThat(check(ALPHA.signed("alpha.test", MESSAGE))).isEqualTo(Verdict.UNKNOWN);
    assertThat(check(ALPHA.signed("beta.test", MESSAGE))).isEqualTo(Verdict.INVALID);
  }

  @Test
  void whatAnotherTagHoldsIsNotTakenForTheSignature() {
    var before = " v=1; a=rsa-sha256; d=a.test; s=b; h=from; i=b=40c@a.test; z=ab=20; bh=ab=; b=";

    assertThat(new SignatureField(before + "abc\r\n def=; t=1").toUnsignedString())
        .isEqualTo(before + "; t=1");
  }

  @Test
  void aHeaderThatIsNoHeaderIsInvalid() {
    var signed = ALPHA.signed("alpha.test", MESSAGE);

    assertThat(check("what is this\r\n" + signed)).isEqualTo(Verdict.INVALID);
    assertThat(check("X: " + "x".repeat(MessageHeader.LONGEST) + "\r\n" + signed))
        .isEqualTo(Verdict.INVALID);
    assertThat(check("X: " + "x".repeat(1000) + "\r\n" + signed)).isEqualTo(Verdict.VALID);
  }

  @Test
  void theSampleOfRfc8463IsValidByEitherSignature() throws IOException {
    var sample = resource("rfc8463.eml");
    var author = "joe@football.example.com";
    var ed25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    var rsa = "v=DKIM1; k=rsa; p=" + resource("rfc8463-rsa.txt").strip();

    dns.put("brisbane._domainkey.football.example.com", ed25519);
    assertThat(check(sample, author)).isEqualTo(Verdict.VALID);
    assertThat(check(sample.replace("hungry", "Hungry"), author)).isEqualTo(Verdict.INVALID);
    assertThat(check(sample.replace("Is dinner", "is dinner"), author)).isEqualTo(Verdict.INVALID);

    dns.clear();
    assertThat(check(sample, author)).isEqualTo(Verdict.INVALID);
    dns.put("test._domainkey.football.example.com", rsa);
    assertThat(check(sample, author)).isEqualTo(Verdict.VALID);
  }

  private Verdict checkWith(String record, String message) {
    dns.put(KEY, record);
    return check(message);
  }

  private Verdict check(String message, String... authors) {
    try {
      return new SignatureCheck(this::lookUp)
          .check(
              new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
              authors.length == 0 ? List.of(AUTHOR) : List.of(authors));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> lookUp(String name) throws TxtLookup.NoAnswer {
    asked.add(name);
    var record = dns.get(name);
    if ("?".equals(record)) {
      throw new TxtLookup.NoAnswer("not now");
    }
    return record == null ? List.of() : List.of(record);
  }

  private static String resource(String name) throws IOException {
    try (var in = SignatureCheckTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", "\r\n");
    }
  }
}
