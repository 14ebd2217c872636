package dev.postbus.policy.dkim;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.james.jdkim.exceptions.TempFailException;

/**
 * Asks whether the author's own domain signed a message. Only its signatures are looked at, at most
 * {@value #MOST_SIGNATURES} of them, and the body is read once, as a stream.
 */
public final class SignatureCheck {
  /** How many signatures of the author's domain are tried, from the top. */
  static final int MOST_SIGNATURES = 8;

  private static final Logger log = Logger.getLogger(SignatureCheck.class.getName());

  private final KeyedVerifier verifier;

  /** A check that looks keys up with {@code keys}. */
  public SignatureCheck(TxtLookup keys) {
    this.verifier = new KeyedVerifier(keys);
  }

  /**
   * Checks a message.
   *
   * @param message its bytes with CRLF line ends, read once
   * @param authors the addresses found in its From header; anything but one is not valid
   */
  public Verdict check(InputStream message, List<String> authors) throws IOException {
    var read = MessageHeader.read(message);
    if (read.isEmpty()) {
      return Verdict.INVALID;
    }
    var header = read.get();
    var signatures = header.getFields("DKIM-Signature");
    if (signatures.isEmpty()) {
      return Verdict.UNSIGNED;
    }
    var from = header.getFields("From");
    // A signature covers one From field; the reader of the message might be shown another.
    if (from.size() != 1
        || authors.size() != 1
        || !lower(from.getFirst()).contains(lower(authors.getFirst()))) {
      return Verdict.INVALID;
    }
    var domain = lower(authors.getFirst().substring(authors.getFirst().lastIndexOf('@') + 1));
    var good = new ArrayList<BodyHash>();
    var unknown = false;
    for (var signature : ofDomain(domain, signatures)) {
      try {
        verifier.headerSigned(header, signature).ifPresent(good::add);
      } catch (TempFailException e) {
        log.log(Level.INFO, "a DKIM key is not known now: {0}", e.getMessage());
        unknown = true;
        // The next one would be asked for at the same name servers, and be waited for as long.
        break;
      }
    }
    if (bodySigned(message, good)) {
      return Verdict.VALID;
    }
    return unknown ? Verdict.UNKNOWN : Verdict.INVALID;
  }

  private static List<SignatureField> ofDomain(String domain, List<String> fields) {
    var found = new ArrayList<SignatureField>();
    for (var field : fields) {
      try {
        var signature = new SignatureField(field.substring(field.indexOf(':') + 1));
        if (lower(signature.getDToken().toString()).equals(domain)) {
          found.add(signature);
        }
      } catch (RuntimeException malformed) {
        log.log(Level.FINE, "a malformed signature", malformed);
      }
      if (found.size() == MOST_SIGNATURES) {
        break;
      }
    }
    return found;
  }

  private static boolean bodySigned(InputStream body, List<BodyHash> hashes) throws IOException {
    if (hashes.isEmpty()) {
      return false;
    }
    var buffer = new byte[16 * 1024];
    for (var length = body.read(buffer); length >= 0; length = body.read(buffer)) {
      for (var hash : hashes) {
        hash.add(buffer, length);
      }
    }
    return hashes.stream().anyMatch(BodyHash::matches);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
