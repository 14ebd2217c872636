package dev.postbus.cert.acme;

import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Remembers what was installed, and tells the bus as the keeper of certificates does. */
final class MemoryHome implements CertificateHome {
  private final Supplier<EventBus> bus;

  record Installed(List<X509Certificate> chain, PrivateKey key, CertReason reason, String cause) {}

  final List<Installed> installed = new CopyOnWriteArrayList<>();

  MemoryHome(Supplier<EventBus> bus) {
    this.bus = bus;
  }

  @Override
  public Optional<InUse> inUse() {
    return installed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new InUse(
                installed.getLast().chain().getFirst(),
                StoredCertificate.fingerprint(installed.getLast().chain().getFirst()),
                CertMode.ACME));
  }

  @Override
  public void install(
      List<X509Certificate> chain, PrivateKey key, CertReason reason, String cause) {
    var last = inUse().map(InUse::fingerprint);
    if (!last.equals(Optional.of(StoredCertificate.fingerprint(chain.getFirst())))) {
      installed.add(new Installed(chain, key, reason, cause));
      publish(bus.get(), chain.getFirst(), reason, cause);
    }
  }

  static void publish(EventBus bus, X509Certificate leaf, CertReason reason, String cause) {
    bus.publish(
        new CertChanged(
            1,
            StoredCertificate.names(leaf),
            StoredCertificate.fingerprint(leaf),
            leaf.getSerialNumber().toString(16),
            leaf.getIssuerX500Principal().getName(),
            leaf.getNotBefore().toInstant(),
            leaf.getNotAfter().toInstant(),
            CertMode.ACME,
            reason),
        cause);
  }
}
