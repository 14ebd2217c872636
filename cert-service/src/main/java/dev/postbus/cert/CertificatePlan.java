package dev.postbus.cert;

import dev.postbus.events.RelayConfiguration;
import java.util.List;

/** Where the relay's certificate has to come from, by its configuration. */
sealed interface CertificatePlan {
  /** Names that the certificate is for, the relay's domain first. */
  List<String> names();

  /** Made here: private domains and addresses cannot have another. */
  record SelfSigned(List<String> names) implements CertificatePlan {}

  /** Brought by an operator, as nobody here can get one for this domain yet. */
  record Imported(List<String> names, String why) implements CertificatePlan {}

  static CertificatePlan of(RelayConfiguration configuration) {
    var domain = configuration.mailDomain();
    var names = configuration.ipOnly() ? List.of(domain) : namesOf(domain);
    if (!configuration.text("tls_external_cert_and_key").isEmpty()) {
      return new Imported(names, "certificates from tls_external_cert_and_key are not watched yet");
    }
    return configuration.selfSignedDomain()
        ? new SelfSigned(names)
        : new Imported(names, "certificates by ACME are not there yet");
  }

  private static List<String> namesOf(String domain) {
    return List.of(domain, "www." + domain, "mta-sts." + domain);
  }
}
