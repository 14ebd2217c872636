package dev.postbus.policy.dkim;

import java.security.Signature;
import java.security.SignatureException;
import org.apache.james.jdkim.DKIMCommon;
import org.apache.james.jdkim.exceptions.PermFailException;

/** What a signature of a header covers, in canonical form (RFC 6376 sections 3.4 and 5.4.2). */
final class SignedFields extends DKIMCommon {
  private SignedFields() {}

  static void addTo(Signature signature, MessageHeader header, SignatureField field)
      throws SignatureException, PermFailException {
    signatureCheck(header, field, field.getHeaders(), signature);
  }
}
