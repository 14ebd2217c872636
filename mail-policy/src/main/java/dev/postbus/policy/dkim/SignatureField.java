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

  // RFC 6376 section 3.5; the underscore is no letter of host names, but found in both.
  private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_-]++(\\.[A-Za-z0-9_-]++)*+");

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
    // What is looked up is below the author's domain, whatever letters Unicode holds to be the
    // same.
    if (!DOMAIN.matcher(getSelector()).matches() || !DOMAIN.matcher(getDToken()).matches()) {
      throw new IllegalStateException("selector or domain is not a domain's name");
    }
    // Its number is not used: the whole body is hashed, as anybody could have written an open end.
    var limit = getValue("l").toString();
    if (!limit.equals(ALL) && !limit.matches("\\d{1,76}")) {
      throw new IllegalStateException("l= is not a number");
    }
  }

  /**
   * Whether the header is signed in the relaxed form.
   *
   * @throws IllegalStateException if the form is neither simple nor relaxed
   */
  boolean hasRelaxedHeader() {
    return isRelaxed(getHeaderCanonicalisationMethod());
  }

  /**
   * Whether the body is signed in the relaxed form.
   *
   * @throws IllegalStateException if the form is neither simple nor relaxed
   */
  boolean hasRelaxedBody() {
    return isRelaxed(getBodyCanonicalisationMethod());
  }

  private static boolean isRelaxed(String form) {
    return switch (form) {
      case RELAXED -> true;
      case SIMPLE -> false;
      default -> throw new IllegalStateException("this canonical form is not known");
    };
  }

  @Override
  public byte[] getSignature() {
    return Base64Value.decoded(getValue("b"));
  }

  @Override
  public byte[] getBodyHash() {
    return Base64Value.decoded(getValue("bh"));
  }

  /** Empties {@code b=} and nothing else; the inherited way also finds it within other tags. */
  @Override
  public String toUnsignedString() {
    return SIGNATURE.matcher(toString()).replaceFirst("$1$2");
  }
}
