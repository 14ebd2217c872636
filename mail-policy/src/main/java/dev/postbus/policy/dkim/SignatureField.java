package dev.postbus.policy.dkim;

import java.util.Set;
import java.util.regex.Pattern;
import org.apache.james.jdkim.tagvalue.SignatureRecordImpl;

/**
 * A DKIM-Signature field as it was received. Its constructor and {@link #validate} throw any {@link
 * RuntimeException} for what is malformed.
 */
final class SignatureField extends SignatureRecordImpl {
  // RFC 8301 took rsa-sha1 away, RFC 8463 added the second.
  private static final Set<String> ALGORITHMS = Set.of("rsa-sha256", "ed25519-sha256");
  private static final Pattern SIGNATURE = Pattern.compile("(^|;)(\\s*+b\\s*+=)[^;]*+");

  SignatureField(String value) {
    super(value);
  }

  @Override
  public void validate() {
    super.validate();
    var algorithm = getHashKeyType() + "-" + getHashMethod();
    if (!ALGORITHMS.contains(algorithm)) {
      throw new IllegalStateException("the algorithm " + algorithm + " is not accepted");
    }
    var limit = getValue("l").toString();
    if (!limit.equals(ALL) && !limit.matches("\\d{1,76}")) {
      throw new IllegalStateException("l= is not a number");
    }
  }

  /**
   * The whole body is hashed whatever {@code l=} says: a signature that leaves an end of the body
   * open is not valid, as anybody could have written that end.
   */
  @Override
  public int getBodyHashLimit() {
    return -1;
  }

  /** Empties {@code b=} and nothing else; the inherited way also finds it within other tags. */
  @Override
  public String toUnsignedString() {
    return SIGNATURE.matcher(toString()).replaceFirst("$1$2");
  }
}
