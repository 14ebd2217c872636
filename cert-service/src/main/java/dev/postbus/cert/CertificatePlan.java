package dev.postbus.cert;

import dev.postbus.cert.foreign.ForeignSource;
import dev.postbus.events.RelayConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the relay's certificate has to come from, by its configuration. */
sealed interface CertificatePlan {
  /** Names that the certificate is for, the relay's domain first. */
  List<String> names();

  /** Made here: private domains and addresses cannot have another. */
  record SelfSigned(List<String> names) implements CertificatePlan {}

  /** Kept by somebody else, and taken from there whenever it changes. */
  record Foreign(List<String> names, ForeignSource source) implements CertificatePlan {}

  /**
   * Ordered from an authority by ACME; until it is there, one that is made here has to do, so that
   * the daemons run that the authority asks.
   *
   * @param email told to the authority; empty for none
   */
  record Acme(List<String> names, String email) implements CertificatePlan {}

  /**
   * The plan for a configuration.
   *
   * @param foreignFolder where a foreign manager keeps the certificate, if there is one: a folder,
   *     or Traefik's file
   * @param addressesByAcme whether an address gets its certificate from an authority
   */
  static CertificatePlan of(
      RelayConfiguration configuration, Optional<Path> foreignFolder, boolean addressesByAcme) {
    var domain = configuration.mailDomain();
    var names = configuration.ipOnly() ? List.of(domain) : namesOf(domain);
    var files = configuration.text("tls_external_cert_and_key").strip();
    if (!files.isEmpty()) {
      var paths = files.split("\\s+");
      return new Foreign(
          names,
          new ForeignSource.TwoFiles(Path.of(paths[0]).normalize(), Path.of(paths[1]).normalize()));
    }
    if (foreignFolder.isPresent()) {
      return new Foreign(names, ForeignSource.at(foreignFolder.get(), domain));
    }
    var byAcme = configuration.ipOnly() ? addressesByAcme : !configuration.selfSignedDomain();
    return !byAcme ? new SelfSigned(names) : new Acme(names, configuration.text("acme_email"));
  }

  private static List<String> namesOf(String domain) {
    return List.of(domain, "www." + domain, "mta-sts." + domain);
  }
}
