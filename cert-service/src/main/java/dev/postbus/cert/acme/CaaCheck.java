package dev.postbus.cert.acme;

import java.util.Collection;
import java.util.List;
import org.shredzone.acme4j.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at CAA records before an order does: a refusal costs nothing here.
 *
 * @param caa reads the records
 * @param strict whether no answer is a no; otherwise it is left to the authority
 */
record CaaCheck(Caa caa, boolean strict) {
  private static final Logger log = LoggerFactory.getLogger(CaaCheck.class);

  /**
   * Checks all names.
   *
   * @throws AcmeFailure of the kind {@link FailureKind#CAA}
   */
  void run(CaSession ca, Login login, List<String> names, String method)
      throws AcmeFailure, InterruptedException {
    var issuer = new Caa.Issuer(domains(ca), login.getAccountLocation().toString(), method);
    for (var name : names) {
      try {
        var refusal = caa.refusal(name, issuer);
        if (refusal.isPresent()) {
          throw new AcmeFailure(
              FailureKind.CAA, "nothing was ordered: " + refusal.get() + ": mend the record", null);
        }
      } catch (Dns.NoAnswer e) {
        if (strict) {
          throw new AcmeFailure(FailureKind.CAA, "nothing was ordered: " + e.getMessage(), e);
        }
        log.info("CAA is left to the authority: {}", e.getMessage());
      }
    }
  }

  /** By which names CAA records mean an authority: those that it says, or else its own domain. */
  private static Collection<String> domains(CaSession ca) throws AcmeFailure, InterruptedException {
    var told = ca.caaIdentities();
    if (!told.isEmpty()) {
      return told;
    }
    var domains = new java.util.ArrayList<String>();
    for (var host = ca.session().getServerUri().getHost();
        host.contains(".") || domains.isEmpty();
        host = host.substring(host.indexOf('.') + 1)) {
      domains.add(host);
    }
    return domains;
  }
}
