package dev.postbus.policy.dkim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Fuzz target: what DNS answers, one record a line, then a zero, then a message. Records that begin
 * with a question mark mean that DNS does not answer.
 */
public final class DkimHeaderFuzz {
  private static final String AUTHOR = "joe@football.example.com";
  private static final String KEYS = "._domainkey.football.example.com";

  private static final Logger QUIET = Logger.getLogger(SignatureCheck.class.getName());

  static {
    QUIET.setLevel(Level.OFF);
  }

  private DkimHeaderFuzz() {}

  /** Any bytes are judged, and only what a plain second reading verifies is valid. */
  public static void fuzzerTestOneInput(byte[] input) {
    var text = new String(input, StandardCharsets.ISO_8859_1);
    var zero = text.indexOf('\0');
    var records = zero < 0 ? text : text.substring(0, zero);
    var message = zero < 0 ? new byte[0] : Arrays.copyOfRange(input, zero + 1, input.length);
    try {
      var keys = keys(records);
      judge(records, keys, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<PublicKey> keys(String records) {
    var keys = new ArrayList<PublicKey>();
    for (var line : records.split("\n")) {
      try {
        var record = new KeyRecord(line);
        record.validate();
        keys.add(record.getPublicKey());
      } catch (RuntimeException notAccepted) {
        continue;
      }
      if (!strong(keys.getLast())) {
        throw new IllegalStateException("accepted: " + line);
      }
    }
    return keys;
  }

  private static boolean strong(PublicKey key) {
    return key instanceof EdECPublicKey
        || (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= 1024);
  }

  private static void judge(String records, List<PublicKey> keys, byte[] message)
      throws IOException {
    var stream = new ByteArrayInputStream(message);
    var read = MessageHeader.read(stream);
    var asked = new HashSet<String>();
    var count = new int[1];
    TxtLookup dns =
        name -> {
          asked.add(name);
          count[0]++;
          if (records.startsWith("?")) {
            throw new TxtLookup.NoAnswer("not now");
          }
          return records.isEmpty() ? List.of() : List.of(records.split("\n"));
        };
    var verdict = new SignatureCheck(dns).check(new ByteArrayInputStream(message), List.of(AUTHOR));
    if (count[0] > SignatureCheck.MOST_SIGNATURES || !asked.stream().allMatch(n -> ofAuthor(n))) {
      throw new IllegalStateException("asked " + count[0] + " times, for " + asked);
    }
    if (read.isEmpty()) {
      expect(verdict, Verdict.INVALID);
      return;
    }
    var body = stream.readAllBytes();
    whole(read.get(), message, message.length - body.length);
    var signatures = signatures(read.get(), body);
    switch (verdict) {
      case VALID -> {
        var fields = read.get().getFields();
        if (asked.isEmpty()
            || signatures.stream().noneMatch(one -> one.verified(fields, body, keys))) {
          throw new IllegalStateException("valid, but no key verifies it");
        }
      }
      case UNKNOWN -> {
        if (asked.isEmpty() || !records.startsWith("?")) {
          throw new IllegalStateException("not known, though DNS answers");
        }
      }
      case UNSIGNED -> {
        if (!read.get().getFields("dkim-signature").isEmpty()) {
          throw new IllegalStateException("unsigned, but has a signature");
        }
      }
      case INVALID -> {
        if (read.get().getFields("DKIM-SIGNATURE").isEmpty()) {
          throw new IllegalStateException("invalid, but has no signature");
        }
      }
    }
  }

  private static boolean ofAuthor(String name) {
    return name.matches("[A-Za-z0-9_.-]+") && name.toLowerCase(Locale.ROOT).endsWith(KEYS);
  }

  /** The header's fields are all that was read. */
  private static void whole(MessageHeader header, byte[] message, int length) {
    var text = new String(message, 0, length, StandardCharsets.UTF_8);
    var fields = String.join("\r\n", header.getFields());
    if (length > MessageHeader.LONGEST
        || !text.startsWith(fields)
        || !Set.of("", "\r", "\r\n", "\r\n\r", "\r\n\r\n")
            .contains(text.substring(fields.length()))) {
      throw new IllegalStateException("not the header: " + fields);
    }
    var names = new HashSet<String>();
    for (var field : header.getFields()) {
      names.add(field.substring(0, field.indexOf(':')).strip().toUpperCase(Locale.ROOT));
    }
    var count = names.stream().mapToInt(name -> header.getFields(name).size()).sum();
    if (count != header.getFields().size()) {
      throw new IllegalStateException("not found by their names: " + names);
    }
  }

  /** Those that are accepted, read a second time. */
  private static List<PlainSignature> signatures(MessageHeader header, byte[] body) {
    var accepted = new ArrayList<PlainSignature>();
    for (var field : header.getFields("DKIM-Signature")) {
      var value = field.substring(field.indexOf(':') + 1);
      var plain = new PlainSignature(value);
      try {
        var signature = new SignatureField(value);
        signature.validate();
        sameForms(header, body, signature, plain);
        accepted.add(plain);
      } catch (RuntimeException notAccepted) {
        if (notAccepted instanceof Different) {
          throw new IllegalStateException(notAccepted);
        }
      }
    }
    return accepted;
  }

  private static void sameForms(
      MessageHeader header, byte[] body, SignatureField signature, PlainSignature plain) {
    if (!signature.toUnsignedString().equals(plain.unsigned())) {
      throw new Different("another tag than b= was emptied: " + signature.toUnsignedString());
    }
    var covered = SignedFields.of(header, signature);
    if (!Arrays.equals(covered, plain.header(header.getFields()))) {
      throw new Different("covers: " + new String(covered, StandardCharsets.UTF_8));
    }
    var hash = new BodyHash(signature);
    var half = body.length / 2;
    hash.add(body, half);
    hash.add(Arrays.copyOfRange(body, half, body.length), body.length - half);
    if (hash.matches() != Arrays.equals(signature.getBodyHash(), plain.bodyHash(body))) {
      throw new Different("another body hash");
    }
  }

  private static void expect(Verdict verdict, Verdict expected) {
    if (verdict != expected) {
      throw new IllegalStateException(verdict + " instead of " + expected);
    }
  }

  private static final class Different extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Different(String what) {
      super(what);
    }
  }
}
