package dev.postbus.cert.acme;

import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.BusSettings;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A keeper in a process of its own, for {@link KillTest}: orders one certificate into a store, and
 * says so when it is there.
 */
public final class KilledKeeper {
  private KilledKeeper() {}

  /** Runs with: folder, bus, directory, trust, DNS port, HTTP port. */
  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var tokens = new HttpTokens();
    var store = new CertificateStore(folder.resolve("certs"));
    store.prepare();
    var settings =
        Map.of(
            "directory", args[2],
            "trust", args[3],
            "resolver", "127.0.0.1:" + args[4],
            "http-port", args[5],
            "web", "127.0.0.1:" + args[5]);
    try (var bus =
            EventBus.open(
                new BusSettings(
                    args[1],
                    "relay.test",
                    "cert-service-" + folder.getFileName(),
                    folder.resolve("outbox"),
                    (short) 1));
        var responder = HttpResponder.start(Integer.parseInt(args[5]), tokens)) {
      var keeper =
          new AcmeKeeper(
              folder.resolve("acme"),
              AcmeSettings.of(
                  name -> Optional.ofNullable(settings.get(name.replace("postbus.acme.", "")))),
              tokens,
              new Home(store, bus),
              bus,
              Clock.systemUTC());
      responder.tellTheTruth();
      keeper.follow(AcmeFixture.NEED, null);
      System.out.println("starting");
      AcmeFixture.step(keeper, folder.resolve("acme"));
      while (!bus.allSent()) {
        Thread.sleep(5);
      }
      System.out.println(store.live().isPresent() ? "there" : "nothing");
    }
  }

  /** The store is all that is remembered. */
  private record Home(CertificateStore store, EventBus bus) implements CertificateHome {
    @Override
    public Optional<InUse> inUse() {
      return store.live().map(live -> new InUse(live.leaf(), live.fingerprint(), CertMode.ACME));
    }

    @Override
    public void install(
        List<X509Certificate> chain, PrivateKey key, CertReason reason, String cause) {
      var fingerprint = StoredCertificate.fingerprint(chain.getFirst());
      if (!inUse().map(InUse::fingerprint).equals(Optional.of(fingerprint))) {
        store.switchLive(store.write(chain, key));
        MemoryHome.publish(bus, chain.getFirst(), reason, cause);
      }
    }
  }
}
