package dev.postbus.dns.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postbus.dns.check.Report.Outcome;
import dev.postbus.dns.check.Report.State;
import dev.postbus.dns.wanted.Relays;
import dev.postbus.dns.wanted.WantedRecord.Need;
import dev.postbus.testing.FreePort;
import dev.postbus.testing.ZoneServer;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real name servers, a real delegation and a real resolver. */
class DnsCheckTest {
  private static final String DKIM = "opendkim._domainkey.relay.test.";

  @TempDir Path folder;

  @Test
  void whatIsPrintedPasses() throws Exception {
    try (var servers = new NameServers(folder, 2)) {
      servers.serve(1, NameServers.PRINTED);
      servers.serve(2, NameServers.PRINTED);

      var report = servers.check();

      assertThat(report.zone()).isEqualTo("relay.test.");
      assertThat(report.servers())
          .extracting(s -> s.name() + " " + s.address().orElse("") + s.problem().orElse(""))
          .containsExactly("ns1.relay.test. 127.0.0.2", "ns2.relay.test. 127.0.0.3");
      assertThat(report.records()).hasSize(15);
      assertThat(report.records())
          .allSatisfy(
              outcome -> {
                assertThat(outcome.state()).isEqualTo(State.OK);
                assertThat(outcome.answers()).hasSize(2);
                assertThat(outcome.differs()).isFalse();
              });
      assertThat(report.works()).isTrue();
    }
  }

  @Test
  void aHiddenPrimaryIsNotAsked() throws Exception {
    // Given a primary that the SOA record names and nobody is delegated to
    try (var servers = new NameServers(folder, 1);
        var hidden = new DatagramSocket(servers.address(8))) {
      servers.serve(1, NameServers.PRINTED);

      var report = servers.check();

      assertThat(report.works()).isTrue();
      assertThat(report.servers()).hasSize(1);
      hidden.setSoTimeout(1);
      assertThatThrownBy(() -> hidden.receive(new DatagramPacket(new byte[512], 512)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void serversThatTheZoneAloneNamesAreNotAsked() throws Exception {
    // Given a zone that names two servers, and a delegation to one of them
    try (var servers = new NameServers(folder, 1)) {
      servers.serve(1, NameServers.PRINTED);
      servers.serve(2, "");

      assertThat(servers.check().works()).isTrue();
    }
  }

  @Test
  void whatIsMissingOrWrongIsSaidPerServer() throws Exception {
    // Given a server without MX, and one with another key and without DMARC
    try (var servers = new NameServers(folder, 2)) {
      servers.serve(1, without(NameServers.PRINTED, " MX "));
      servers.serve(2, without(NameServers.PRINTED.replace("AbC+", "CbA+"), "_dmarc"));

      var report = servers.check();

      var mx = outcome(report, "relay.test.", "MX");
      assertThat(mx.state()).isEqualTo(State.MISSING);
      assertThat(mx.differs()).isTrue();
      assertThat(mx.answers())
          .extracting(a -> a.server() + a.found() + a.state())
          .containsExactly("ns1.relay.test.[]MISSING", "ns2.relay.test.[10 relay.test.]OK");
      var dkim = outcome(report, DKIM, "TXT");
      assertThat(dkim.state()).isEqualTo(State.WRONG);
      assertThat(dkim.answers().getFirst().problem()).isEmpty();
      assertThat(dkim.answers().getLast().problem().orElseThrow()).contains("another key");
      assertThat(report.lacking(Need.REQUIRED)).containsExactly(mx, dkim);
      assertThat(report.lacking(Need.RECOMMENDED))
          .containsExactly(outcome(report, "_dmarc.relay.test.", "TXT"));
      assertThat(report.works()).isFalse();
    }
  }

  @Test
  void aKeyMayBeCutAndOrderedInAnyWay() throws Exception {
    var strings = Relays.KEY.replaceAll("(.{40})", "$1\" \"");
    var other = DKIM + " TXT \"v=DKIM1; t=s; s=email; \" \"p=" + strings + " \" \"; k=rsa\"\n";
    try (var servers = new NameServers(folder, 1)) {
      servers.serve(1, without(NameServers.PRINTED, DKIM) + other);

      assertThat(outcome(servers.check(), DKIM, "TXT").state()).isEqualTo(State.OK);
    }
  }

  @Test
  void aRecommendedRecordMayBeMissing() throws Exception {
    try (var servers = new NameServers(folder, 1)) {
      servers.serve(1, without(NameServers.PRINTED, " CAA "));

      var report = servers.check();

      assertThat(report.lacking(Need.RECOMMENDED)).hasSize(1);
      assertThat(report.works()).isTrue();
    }
  }

  @Test
  void anAddressInPlaceOfAnAliasIsShown() throws Exception {
    try (var servers = new NameServers(folder, 1)) {
      servers.serve(1, without(NameServers.PRINTED, "www.") + "www A 192.0.2.1\n");

      var www = outcome(servers.check(), "www.relay.test.", "CNAME");

      assertThat(www.state()).isEqualTo(State.WRONG);
      assertThat(www.answers().getFirst().found()).containsExactly("192.0.2.1");
    }
  }

  @Test
  void serversThatDoNotAnswerOrDoNotHaveTheZoneAreNamed() throws Exception {
    // Given one that answers, one that has no such zone, one without a listener, and a silent one
    try (var servers = new NameServers(folder, 4);
        var silent = new DatagramSocket(servers.address(4))) {
      servers.serve(1, NameServers.PRINTED);
      servers.serveAnother(2);

      var report = servers.check();

      assertThat(silent.isBound()).isTrue();
      assertThat(report.works()).isTrue();
      assertThat(report.servers())
          .extracting(s -> s.name() + " " + s.problem().orElse(""))
          .satisfiesExactly(
              ns1 -> assertThat(ns1).isEqualTo("ns1.relay.test. "),
              ns2 -> assertThat(ns2).isEqualTo("ns2.relay.test. 127.0.0.3 answers REFUSED"),
              ns3 ->
                  assertThat(ns3)
                      .isEqualTo("ns3.relay.test. 127.0.0.4 does not answer: nobody listens"),
              ns4 ->
                  assertThat(ns4)
                      .isEqualTo("ns4.relay.test. 127.0.0.5 does not answer: timed out"));
      assertThat(report.records()).allMatch(outcome -> outcome.answers().size() == 1);
    }
  }

  @Test
  void aZoneOfWhichNoServerAnswersDoesNotWork() throws Exception {
    try (var servers = new NameServers(folder, 1)) {
      var report = servers.check();

      assertThat(report.zone()).isEqualTo("relay.test.");
      assertThat(report.records()).allMatch(outcome -> outcome.state() == State.UNKNOWN);
      assertThat(report.works()).isFalse();
    }
  }

  @Test
  void aDomainWithoutADelegationIsAskedForInTheZoneAbove() throws Exception {
    try (var servers = new NameServers(folder, 0)) {
      var report = servers.check();

      assertThat(report.zone()).isEqualTo("test.");
      assertThat(outcome(report, "relay.test.", "MX").state()).isEqualTo(State.MISSING);
    }
  }

  @Test
  void recordsInAZoneBelowAreNotKnown() throws Exception {
    try (var servers = new NameServers(folder, 1)) {
      servers.serve(
          1, without(NameServers.PRINTED, "_domainkey") + "_domainkey NS ns.elsewhere.test.\n");

      var report = servers.check();

      assertThat(outcome(report, DKIM, "TXT").state()).isEqualTo(State.UNKNOWN);
      assertThat(outcome(report, "_imaps._tcp.relay.test.", "SRV").state()).isEqualTo(State.OK);
      assertThat(report.servers().getFirst().problem().orElseThrow())
          .startsWith("does not have the zone");
      assertThat(report.works()).isFalse();
    }
  }

  @Test
  void oneServerMayHaveBothZones() throws Exception {
    // Given the zone above and the relay's on one server, and no resolver but that server
    var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.any());
    var above =
        """
        $ORIGIN test.
        $TTL 60
        @ SOA ns a 1 3600 900 86400 60
        @ NS ns
        ns A 127.0.0.1
        relay NS ns
        """;
    var below =
        "$ORIGIN relay.test.\n$TTL 60\n@ SOA ns.test. a 1 3600 900 86400 60\n@ NS ns.test.\n";
    try (var running =
        ZoneServer.start(
            folder, server, Map.of("test", above, "relay.test", below + NameServers.PRINTED))) {
      assertThat(running).isNotNull();

      var report =
          new DnsCheck(Optional.of(server), server.getPort())
              .run(NameServers.DOMAIN, NameServers.WANTED);

      assertThat(report.zone()).isEqualTo("relay.test.");
      assertThat(report.servers()).singleElement().extracting("name").isEqualTo("ns.test.");
      assertThat(report.works()).isTrue();
    }
  }

  @Test
  void aTextCannotWriteToTheTerminal() throws Exception {
    try (var servers = new NameServers(folder, 1)) {
      servers.serve(1, without(NameServers.PRINTED, DKIM) + DKIM + " TXT \"p=\\027[2J\\233\"\n");

      var found = outcome(servers.check(), DKIM, "TXT").answers().getFirst().found();

      assertThat(found).containsExactly("p=\\027[2J\\233");
    }
  }

  @Test
  void withoutAResolverThereIsNoZone() {
    var nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.any());
    var check = new DnsCheck(Optional.of(nobody), nobody.getPort());

    assertThatThrownBy(() -> check.run("relay.test", List.of()))
        .isInstanceOf(NoZone.class)
        .hasMessageContaining("--resolver");
  }

  private static String without(String zone, String marked) {
    assertThat(zone).contains(marked);
    return String.join("\n", zone.lines().filter(line -> !line.contains(marked)).toList()) + "\n";
  }

  private static Outcome outcome(Report report, String name, String type) {
    return report.records().stream()
        .filter(o -> o.wanted().name().equals(name) && o.wanted().type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
