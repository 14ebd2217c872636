package dev.postbus.policy.dkim;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Optional;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.PublicKeyRecord;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.apache.james.jdkim.exceptions.TempFailException;

/** Looks up a signature's key and verifies the header with it; the body is left to a hasher. */
final class KeyedVerifier extends DKIMVerifier {
  KeyedVerifier(TxtLookup keys) {
    super(
        (method, selector, domain) -> {
          if (!method.toString().equals("dns/txt")) {
            throw new PermFailException("keys are looked up by dns/txt only");
          }
          try {
            return keys.txt(selector + "._domainkey." + domain);
          } catch (TxtLookup.NoAnswer e) {
            throw new TempFailException(e.getMessage());
          }
        });
  }

  @Override
  protected PublicKeyRecord newPublicKeyRecord(String record) {
    return new KeyRecord(record);
  }

  /**
   * Verifies the header.
   *
   * @return what the body has to be given to; empty if the signature is not valid
   * @throws TempFailException if the key cannot be looked up now
   */
  Optional<BodyHash> headerSigned(MessageHeader header, SignatureField field)
      throws TempFailException {
    try {
      field.validate();
      var key = publicRecordLookup(field).getPublicKey();
      var signature =
          field.getHashKeyType().toString().equals("rsa")
              ? Signature.getInstance("SHA256withRSA")
              : new HashedEd25519();
      signature.initVerify(key);
      signature.update(SignedFields.of(header, field));
      return signature.verify(field.getSignature())
          ? Optional.of(new BodyHash(field))
          : Optional.empty();
    } catch (PermFailException | GeneralSecurityException | RuntimeException notValid) {
      return Optional.empty();
    }
  }
}
