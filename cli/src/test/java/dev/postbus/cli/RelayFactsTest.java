package dev.postbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.postbus.dns.wanted.Relay;
import dev.postbus.events.RelayConfiguration;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayFactsTest {
  private static final Inet4Address IPV4 = Inet4Address.ofLiteral("192.0.2.1");
  private static final Inet6Address IPV6 = (Inet6Address) Inet6Address.ofLiteral("2001:db8::1");
  private static final MachineAddresses BOTH =
      new MachineAddresses(Optional.of(List.of(IPV4)), Optional.of(List.of(IPV6)));
  private static final MachineAddresses UNKNOWN =
      new MachineAddresses(Optional.empty(), Optional.empty());
  private static final String DKIM =
      "{\"domain\":\"relay.test\",\"selector\":\"opendkim\",\"txt\":\"v=DKIM1;p=A\"}";

  @Test
  void aRelayWithoutADomainNeedsNoDns() {
    assertThat(facts("203.0.113.5", "false", "[]").needsNoDns()).isTrue();
    assertThat(facts("relay.test", "false", "[]").needsNoDns()).isFalse();
  }

  @Test
  void anotherDomainsKeyIsNotTold() {
    var facts = facts("other.test", "false", "[]");

    assertThatThrownBy(() -> facts.relay(BOTH))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("./postbus status");
    var none =
        new RelayFacts(facts.configuration(), MissingNode.getInstance(), MissingNode.getInstance());
    assertThatThrownBy(() -> none.relay(BOTH)).isInstanceOf(Failure.class);
  }

  @Test
  void anAuthorityWithoutAnAccountIsANote() {
    var facts =
        facts(
            "relay.test",
            "false",
            "[{\"directory\":\"https://a.test/d\",\"authority\":\"a.test\",\"account\":\"https://a.test/1\"},"
                + "{\"directory\":\"https://b.test/d\",\"authority\":\"b.test\",\"account\":null}]");

    assertThat(facts.relay(BOTH).issuers())
        .containsExactly(new Relay.Issuer("a.test", "https://a.test/1"));
    assertThat(facts.notes()).singleElement().asString().contains("https://b.test/d");
  }

  @Test
  void aRelayOnIpv4AloneHasNoOtherAddressUnlessOneIsGiven() {
    var facts = facts("relay.test", "true", "[]");

    assertThat(facts.relay(BOTH).ipv6()).hasValue(List.of(IPV6));
    var chosen = new MachineAddresses(Optional.of(List.of(IPV4)), Optional.empty());
    assertThat(facts.relay(chosen).ipv6()).hasValue(List.of());
  }

  @Test
  void whatIsGivenCountsBeforeWhatIsDetected() {
    var four = new MachineAddresses(Optional.of(List.of(IPV4)), Optional.empty());

    assertThat(four.or(BOTH)).isEqualTo(BOTH);
    assertThat(four.or(UNKNOWN).ipv6()).hasValue(List.of());
    assertThat(UNKNOWN.or(UNKNOWN)).isEqualTo(UNKNOWN);
    assertThat(UNKNOWN.or(BOTH)).isEqualTo(BOTH);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.5, true",
    "10.1.2.3, false",
    "172.17.0.2, false",
    "192.168.1.1, false",
    "169.254.1.1, false",
    "100.64.0.1, false",
    "100.128.0.1, true",
    "2001:db8::1, true",
    "fd00::1, false",
    "fe80::1, false",
  })
  void addressesThatOthersReachAreTold(String address, boolean reached) {
    assertThat(MachineAddresses.isPublic(InetAddress.ofLiteral(address))).isEqualTo(reached);
  }

  private static RelayFacts facts(String domain, String ipv4Only, String issuers) {
    try {
      return new RelayFacts(
          new RelayConfiguration(Map.of("mail_domain", domain, "disable_ipv6", ipv4Only)),
          Rest.JSON.readTree(DKIM),
          Rest.JSON.readTree(issuers));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
