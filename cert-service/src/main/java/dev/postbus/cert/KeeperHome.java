package dev.postbus.cert;

import dev.postbus.cert.acme.CertificateHome;
import dev.postbus.events.CertReason;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Where certificates by ACME go: to the keeper. */
record KeeperHome(CertificateKeeper keeper) implements CertificateHome {
  @Override
  public Optional<InUse> inUse() {
    return keeper
        .usable()
        .map(
            current ->
                new InUse(
                    current.stored().leaf(),
                    current.entry().fingerprint(),
                    current.entry().mode()));
  }

  @Override
  public void install(
      List<X509Certificate> chain, PrivateKey key, CertReason reason, String cause) {
    keeper.installIssued(new KeyedChain(chain, key), reason, cause);
  }
}
