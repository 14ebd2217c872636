package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postbus.deploy.local.StackPorts;
import dev.postbus.dns.wanted.Relay;
import dev.postbus.events.MtaSts;
import dev.postbus.events.RelayConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What the services say of the relay that belongs into DNS.
 *
 * @param configuration from config-service
 * @param dkim from mail-supervisor; nothing for a relay without a domain
 * @param issuers from cert-service; nothing for a relay without a domain
 */
record RelayFacts(RelayConfiguration configuration, JsonNode dkim, JsonNode issuers) {
  /** Asks the services of a stack. */
  static RelayFacts of(StackPorts ports) {
    var rest = new Rest();
    var values = new LinkedHashMap<String, String>();
    rest.get("config-service", ports.config(), "/config")
        .json()
        .path("values")
        .properties()
        .forEach(entry -> values.put(entry.getKey(), entry.getValue().path("value").asText()));
    var configuration = new RelayConfiguration(values);
    return configuration.ipOnly()
        ? new RelayFacts(configuration, MissingNode.getInstance(), MissingNode.getInstance())
        : new RelayFacts(
            configuration,
            rest.get("mail-supervisor", ports.mail(), "/mail/dkim").json(),
            rest.get("cert-service", ports.cert(), "/cert/caa").json());
  }

  String domain() {
    return configuration.mailDomain();
  }

  /** Whether the relay has an address in place of a domain. */
  boolean needsNoDns() {
    return configuration.ipOnly();
  }

  /**
   * What DNS has to tell.
   *
   * @param chosen addresses that an operator gave
   */
  Relay relay(MachineAddresses chosen) {
    var addresses = chosen.or(MachineAddresses.detected());
    if (configuration.flag("disable_ipv6") && chosen.ipv6().isEmpty()) {
      addresses = addresses.withoutIpv6();
    }
    var policy = new MtaSts(domain()).id();
    return new Relay(domain(), addresses.ipv4(), addresses.ipv6(), policy, key(), accounts());
  }

  private Relay.DkimKey key() {
    if (!dkim.path("txt").isTextual() || !dkim.path("domain").asText().equals(domain())) {
      throw new Failure(
          "mail-supervisor does not know the DKIM key of %s yet; see: ./postbus status"
              .formatted(domain()));
    }
    return new Relay.DkimKey(dkim.path("selector").asText(), dkim.path("txt").asText());
  }

  private List<Relay.Issuer> accounts() {
    var accounts = new ArrayList<Relay.Issuer>();
    for (var issuer : issuers) {
      if (issuer.path("account").isTextual()) {
        accounts.add(
            new Relay.Issuer(issuer.path("authority").asText(), issuer.path("account").asText()));
      }
    }
    return accounts;
  }

  /** What an operator should know about records that cannot be told yet. */
  List<String> notes() {
    var notes = new ArrayList<String>();
    for (var issuer : issuers) {
      if (!issuer.path("account").isTextual()) {
        notes.add(
            "No CAA record yet for %s: the account there is made with the first order; ask again then."
                .formatted(issuer.path("directory").asText()));
      }
    }
    return notes;
  }
}
