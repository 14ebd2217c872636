package dev.postbus.cert.acme;

import dev.postbus.cert.acme.AuthorityFolder.Order;
import dev.postbus.certificates.CertificateCheck;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.connector.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one order from where it is to the certificate (RFC 8555, section 7.4). */
final class Issuance {
  private static final Logger log = LoggerFactory.getLogger(Issuance.class);
  private static final int ORDERS_LOOKED_AT = 20;

  private final CaSession ca;
  private final Login login;
  private final AuthorityFolder folder;
  private final Polling polling;
  private final Proofs proofs;
  private final Clock clock;

  Issuance(CaSession ca, Login login, AuthorityFolder folder, Challenges challenges, Clock clock) {
    this.ca = ca;
    this.login = login;
    this.folder = folder;
    this.polling = new Polling(ca);
    this.proofs = new Proofs(ca, challenges, polling);
    this.clock = clock;
  }

  /**
   * What is asked for beyond the names.
   *
   * @param profile a profile of the authority
   * @param replaces the certificate that this one comes after (RFC 9773, section 5)
   */
  record Wishes(Optional<String> profile, Optional<X509Certificate> replaces) {}

  /** What was issued. */
  record Issued(List<X509Certificate> chain, KeyPair key) {
    @Override
    public String toString() {
      return "certificate for " + chain.getFirst().getSubjectX500Principal();
    }
  }

  /**
   * Carries an order on until it has its certificate.
   *
   * @param fresh whether the authority surely has not heard of it
   */
  Issued run(Order record, Wishes wishes, boolean fresh) throws AcmeFailure, InterruptedException {
    var key =
        folder
            .orderKey()
            .read()
            .orElseThrow(() -> new IllegalStateException("an order without a key: " + folder));
    var order = at(record, wishes, fresh);
    if (polling.status(order) == Status.PENDING) {
      proofs.prove(order);
    }
    if (polling.past(order, Set.of(Status.PENDING)) == Status.READY) {
      ca.send(FailureKind.ORDER_REJECTED, "the order was not finalized", () -> order.execute(key));
    }
    var last = polling.past(order, Set.of(Status.READY, Status.PROCESSING));
    if (last != Status.VALID) {
      throw new AcmeFailure(
          FailureKind.ORDER_REJECTED,
          "%s: the order ended as %s%s"
              .formatted(
                  ca.session().getServerUri(),
                  last,
                  order.getError().map(problem -> ": " + problem).orElse("")),
          null);
    }
    var chain =
        ca.ask(
            FailureKind.ORDER_REJECTED,
            "the certificate was not handed out",
            () -> order.getCertificate().getCertificateChain());
    check(chain, key, record.names());
    return new Issued(chain, key);
  }

  private org.shredzone.acme4j.Order at(Order record, Wishes wishes, boolean fresh)
      throws AcmeFailure, InterruptedException {
    var known = record.url();
    if (known != null) {
      try {
        return login.bindOrder(java.net.URI.create(known).toURL());
      } catch (java.net.MalformedURLException e) {
        throw new IllegalStateException("the order's address is none: " + known, e);
      }
    }
    var found = fresh ? Optional.<org.shredzone.acme4j.Order>empty() : lookFor(record);
    var order = found.isPresent() ? found.get() : create(record, wishes);
    folder.order().write(record.at(order.getLocation().toString()));
    return order;
  }

  /**
   * An order that the authority took, but whose address a kill kept from us. Authorities need not
   * list orders; one that does not gives back the pending order when the same is asked for again.
   */
  private Optional<org.shredzone.acme4j.Order> lookFor(Order record) {
    try {
      var orders = login.getAccount().getOrders();
      for (int i = 0; orders.hasNext() && i < ORDERS_LOOKED_AT; i++) {
        var order = orders.next();
        var status = order.getStatus();
        if ((status == Status.PENDING || status == Status.READY)
            && values(order.getIdentifiers()).equals(new HashSet<>(record.names()))) {
          log.info("order {} goes on", order.getLocation());
          return Optional.of(order);
        }
      }
    } catch (RuntimeException noList) {
      log.debug("the authority lists no orders: {}", noList.getMessage());
    }
    return Optional.empty();
  }

  private org.shredzone.acme4j.Order create(Order record, Wishes wishes)
      throws AcmeFailure, InterruptedException {
    try {
      return ask(record, wishes);
    } catch (AcmeFailure failure) {
      if (failure.kind() != FailureKind.ORDER_REJECTED || wishes.replaces().isEmpty()) {
        throw failure;
      }
      // It may be another authority's, or replaced already: no reason to go without.
      log.info("an order that names what it replaces: {}", failure.getMessage());
      return ask(record, new Wishes(wishes.profile(), Optional.empty()));
    }
  }

  private org.shredzone.acme4j.Order ask(Order record, Wishes wishes)
      throws AcmeFailure, InterruptedException {
    return ca.ask(
        FailureKind.ORDER_REJECTED,
        "the order was not taken",
        () -> {
          var order = login.newOrder();
          record.names().forEach(name -> order.identifier(identifier(name)));
          wishes.profile().ifPresent(order::profile);
          if (ca.session().resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
            wishes.replaces().ifPresent(order::replaces);
          }
          return order.create();
        });
  }

  static Identifier identifier(String name) {
    return name.matches("\\d{1,3}(\\.\\d{1,3}){3}") ? Identifier.ip(name) : Identifier.dns(name);
  }

  private static Set<String> values(List<Identifier> identifiers) {
    var values = new HashSet<String>();
    identifiers.forEach(identifier -> values.add(identifier.getValue()));
    return values;
  }

  private void check(List<X509Certificate> chain, KeyPair key, List<String> names)
      throws AcmeFailure {
    var problems = CertificateCheck.problems(chain, key.getPrivate(), names, clock);
    if (!problems.isEmpty()) {
      throw new AcmeFailure(
          FailureKind.WRONG_CERTIFICATE,
          "%s issued something else than was ordered: %s"
              .formatted(ca.session().getServerUri(), String.join("; ", problems)),
          null);
    }
  }
}
