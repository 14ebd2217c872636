package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.web.console.Overview.Fact;
import dev.postbus.web.services.Service;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Services;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page of the certificate, which cert-service keeps. */
final class CertificatePage {
  private final Services services;
  private final Clock clock;

  CertificatePage(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  View show() throws ServiceAway {
    var answer = services.get(Service.CERT, "/cert");
    var problems = new ArrayList<>(answer.problems());
    answer.json().path("warnings").forEach(one -> problems.add(one.asText()));
    return View.of(
        "certificate",
        "Certificate",
        Map.of(
            "facts", answer.good() ? facts(answer.json()) : List.<Fact>of(), "problems", problems));
  }

  private List<Fact> facts(JsonNode cert) {
    var facts = new ArrayList<Fact>();
    facts.add(
        new Fact(
            "names",
            String.join(", ", cert.path("names").valueStream().map(JsonNode::asText).toList())));
    facts.add(new Fact("kind", cert.path("mode").asText() + ", " + cert.path("reason").asText()));
    facts.add(new Fact("issuer", cert.path("issuer").asText()));
    facts.add(new Fact("valid from", Texts.time(cert.path("notBefore").asText())));
    var end = Texts.instant(cert.path("notAfter").asText());
    facts.add(
        new Fact(
            "ends",
            end.map(time -> Texts.time(time) + " (" + Texts.distance(time, clock.instant()) + ")")
                .orElse("")));
    facts.add(new Fact("serial number", cert.path("serial").asText()));
    facts.add(new Fact("SHA-256", cert.path("fingerprint").asText()));
    facts.add(new Fact("generation", cert.path("generation").asText()));
    if (cert.path("nextRenewal").isTextual()) {
      facts.add(
          new Fact(
              "next renewal",
              Texts.time(cert.path("nextRenewal").asText())
                  + " "
                  + cert.path("nextRenewalWhy").asText("")));
    }
    return facts;
  }

  /** Gets a new one with a new key. */
  Notice renew(Fields fields) throws ServiceAway {
    var answer =
        services.send(
            Service.CERT, "POST", "/cert/renew", Map.of("force", !fields.get("force").isEmpty()));
    return answer.good()
        ? Notice.done(
            "Generation "
                + answer.json().path("generation").asText()
                + " is there; the daemons are being told.")
        : Notice.refused("There is no new certificate.", answer.problems());
  }
}
