package dev.postbus.policy.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** For all messages, well-formed or not. */
class SignatureProperties {
  private static final SignedMail ALPHA = new SignedMail(1024);
  private static final String FROM = "From: alice@alpha.test\r\n";

  @Property(tries = 300)
  void whatIsSignedIsValidAndWhatIsChangedIsNot(
      @ForAll("fields") List<String> fields, @ForAll("bodies") String body, @ForAll int at)
      throws IOException {
    var message = FROM + fields.stream().map(f -> f + "\r\n").collect(Collectors.joining());
    var tags = "a=rsa-sha256; c=relaxed/relaxed; h=from:x-a:x-b:x-a; d=alpha.test";
    var signed = ALPHA.signedWith(tags, message + "\r\n" + body);

    assertThat(check(signed)).isEqualTo(Verdict.VALID);
    // Relays may add fields above, fold anew and leave empty lines at the end.
    assertThat(check("Received: by somebody\r\n" + signed.replace(": ", ":\r\n\t") + "\r\n\r\n"))
        .isEqualTo(Verdict.VALID);
    var letters = body.codePoints().filter(Character::isLetter).count();
    if (letters > 0) {
      var changed = new StringBuilder(body);
      var place = firstLetterFrom(body, Math.floorMod(at, body.length()));
      changed.setCharAt(place, body.charAt(place) == 'a' ? 'b' : 'a');
      var head = signed.substring(0, signed.length() - body.length());
      assertThat(check(head + changed)).isEqualTo(Verdict.INVALID);
    }
  }

  @Property(tries = 2000)
  void aHeaderIsReadAsItIsAndTheBodyIsLeft(
      @ForAll("fields") List<String> fields, @ForAll("bodies") String body) throws IOException {
    var text = fields.stream().map(f -> f + "\r\n").collect(Collectors.joining()) + "\r\n" + body;
    var stream = stream(text);

    var header = MessageHeader.read(stream).orElseThrow();

    assertThat(header.getFields()).isEqualTo(fields);
    assertThat(header.getFields("x-A"))
        .isEqualTo(
            fields.stream().filter(f -> f.toLowerCase(Locale.ROOT).startsWith("x-a")).toList());
    assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(body);
  }

  @Property(tries = 3000)
  void nothingMakesTheCheckFail(
      @ForAll("tagLists") String signature, @ForAll("tagLists") String key) throws IOException {
    var message = "DKIM-Signature: " + signature + "\r\n" + FROM + "\r\nbody\r\n";

    assertThat(new SignatureCheck(name -> List.of(key)).check(stream(message), alice()))
        .isIn(Verdict.INVALID, Verdict.UNSIGNED);
  }

  @Property(tries = 1000)
  void noBytesMakeTheCheckFail(@ForAll byte[] message) throws IOException {
    assertThat(
            new SignatureCheck(name -> List.of()).check(new ByteArrayInputStream(message), alice()))
        .isIn(Verdict.INVALID, Verdict.UNSIGNED);
  }

  @Provide
  Arbitrary<List<String>> fields() {
    var name = Arbitraries.of("X-A", "x-a", "X-B", "Subject");
    var value = Arbitraries.strings().withChars("ab é:;=\t").ofMaxLength(12);
    var fold = Arbitraries.of("", "\r\n x", "\r\n\t");
    return Combinators.combine(name, value, fold)
        .as((n, v, f) -> n + ": " + v + f + (f.endsWith("\t") ? "y" : ""))
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> bodies() {
    return Arbitraries.of("a", "b", " ", "\t", "é", "\r\n", "\r\n\r\n", "- ")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts) + "x\r\n");
  }

  @Provide
  Arbitrary<String> tagLists() {
    var tag =
        Arbitraries.of("v", "a", "b", "bh", "c", "d", "h", "i", "l", "q", "s", "t", "x", "k", "p");
    var value =
        Arbitraries.oneOf(
            Arbitraries.of(
                "1",
                "DKIM1",
                "rsa-sha256",
                "ed25519-sha256",
                "rsa",
                "ed25519",
                "alpha.test",
                "sel",
                "from",
                "simple/simple",
                "relaxed",
                "AAAA",
                "=",
                "-1",
                "99999999999999999999",
                "*",
                "@alpha.test",
                "=4",
                ":",
                "dns/txt",
                "dns/txt:dns/txt",
                "",
                " ",
                "s:y"),
            Arbitraries.strings().ascii().ofMaxLength(10));
    return Combinators.combine(tag, value)
        .as((t, v) -> t + "=" + v)
        .list()
        .ofMaxSize(16)
        .map(tags -> String.join("; ", tags).replace('\r', ' ').replace('\n', ' '));
  }

  private static int firstLetterFrom(String text, int start) {
    var place = start;
    while (!Character.isLetter(text.charAt(place))) {
      place = (place + 1) % text.length();
    }
    return place;
  }

  private static Verdict check(String message) throws IOException {
    return new SignatureCheck(name -> List.of(ALPHA.record())).check(stream(message), alice());
  }

  private static List<String> alice() {
    return List.of("alice@alpha.test");
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
