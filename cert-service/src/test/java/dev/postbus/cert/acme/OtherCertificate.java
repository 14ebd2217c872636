package dev.postbus.cert.acme;

import dev.postbus.certificates.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * What an authority gone wrong makes of a request: the right key, and a name that nobody asked for.
 */
final class OtherCertificate {
  private OtherCertificate() {}

  static byte[] pem(byte[] request, String name) throws IOException {
    try {
      var issuer = new X500Name("CN=authority gone wrong");
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.TEN,
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(90))),
              new X500Name("CN=" + name),
              new JcaPKCS10CertificationRequest(request).getPublicKey());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA").build(KeyKind.EC.generate().getPrivate());
      var leaf = new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      return Pem.of(List.of(leaf)).getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(e);
    }
  }
}
