package dev.postbus.web;

import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** The authority's service that tells whether a certificate still counts (RFC 6960). */
final class OcspResponder {
  private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";
  // id-ad-ocsp, 1.3.6.1.5.5.7.48.1, in DER: RFC 5280, section 4.2.2.1.
  private static final String OCSP = "06082b06010505073001";

  private OcspResponder() {}

  /** Whether a certificate names one; many authorities have none any more. */
  static boolean isNamedIn(X509Certificate certificate) {
    var access = certificate.getExtensionValue(AUTHORITY_INFORMATION_ACCESS);
    return access != null && HexFormat.of().formatHex(access).contains(OCSP);
  }
}
