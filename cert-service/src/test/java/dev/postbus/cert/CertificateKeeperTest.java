package dev.postbus.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.cert.foreign.ForeignSource;
import dev.postbus.cert.foreign.PemImport;
import dev.postbus.certificates.CertificateStore;
import dev.postbus.certificates.Pem;
import dev.postbus.certificates.StoredCertificate;
import dev.postbus.events.BusSettings;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayConfiguration;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateKeeperTest {
  private static final List<String> NAMES =
      List.of("_relay.test", "www._relay.test", "mta-sts._relay.test");
  private static final CertificatePlan SELF_SIGNED = new CertificatePlan.SelfSigned(NAMES);

  @TempDir static Path data;
  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private EventBus bus;
  private Clock clock = Clock.systemUTC();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.startOnFreePorts(data);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() {
    bus =
        EventBus.open(
            new BusSettings(
                broker.bootstrap(),
                "_relay.test",
                "cert-service-" + folder.getFileName(),
                folder.resolve("outbox"),
                (short) 1));
  }

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void theFirstStartIssuesWhatAServerNeeds() throws Exception {
    var leaf = start(SELF_SIGNED).current().orElseThrow().stored().leaf();

    assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo("EC");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(StoredCertificate.names(leaf)).isEqualTo(NAMES);
    leaf.verify(leaf.getPublicKey());
    assertThat(changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.mode()).isEqualTo(CertMode.SELF_SIGNED);
              assertThat(change.reason()).isEqualTo(CertReason.ISSUED);
              assertThat(change.generation()).isEqualTo(1);
            });
  }

  @Test
  void aSecondStartKeepsItAndSaysNothingAgain() {
    var first = start(SELF_SIGNED).current().orElseThrow().entry();

    assertThat(start(SELF_SIGNED).current().orElseThrow().entry()).isEqualTo(first);
    assertThat(changes()).hasSize(1);
  }

  @Test
  void whatACrashLeftUndoneIsMadeGoodOnce() throws IOException {
    // Given a decision in the ledger whose link and event were lost
    var keeper = start(SELF_SIGNED);
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var entry = keeper.current().orElseThrow().entry();
    new Ledger(folder.resolve("ledger.json"))
        .write(
            new Ledger.Entry(
                2,
                entry.fingerprint(),
                entry.mode(),
                CertReason.RENEWED,
                "lost",
                entry.time(),
                null,
                null));
    Files.delete(folder.resolve("live"));

    // When the service starts twice
    start(SELF_SIGNED);
    start(SELF_SIGNED);

    // Then both are there, the event once
    assertThat(new CertificateStore(folder).live().orElseThrow().fingerprint())
        .isEqualTo(entry.fingerprint());
    assertThat(changes()).extracting(CertChanged::generation).containsExactly(1L, 2L);
  }

  @Test
  void nearItsEndItIsRenewedWithAnotherKey() {
    var first = start(SELF_SIGNED).current().orElseThrow();
    clock =
        Clock.fixed(
            Instant.now().plus(SelfSigned.VALIDITY).minus(Duration.ofDays(29)), ZoneOffset.UTC);

    var second = start(SELF_SIGNED).current().orElseThrow();

    assertThat(second.entry().reason()).isEqualTo(CertReason.RENEWED);
    assertThat(second.stored().leaf().getPublicKey())
        .isNotEqualTo(first.stored().leaf().getPublicKey());
  }

  @Test
  void anotherDomainGetsAnotherCertificate() {
    var keeper = start(SELF_SIGNED);

    keeper.follow(new CertificatePlan.SelfSigned(List.of("192.0.2.7")), "cause");

    var current = keeper.current().orElseThrow();
    assertThat(current.entry().reason()).isEqualTo(CertReason.REPLACED);
    assertThat(StoredCertificate.names(current.stored().leaf())).containsExactly("192.0.2.7");
  }

  @Test
  void untilAnAuthoritysCertificateIsThereAnotherHasToDo() {
    var plan = new CertificatePlan.Acme(NAMES, "");
    var keeper = start(plan);
    assertThat(keeper.current().orElseThrow().entry().mode()).isEqualTo(CertMode.SELF_SIGNED);

    var issued = new SelfSigned(clock).issue(NAMES);
    keeper.installIssued(issued, CertReason.ISSUED, "order");
    keeper.installIssued(issued, CertReason.ISSUED, "order");
    keeper.keep(null);

    assertThat(keeper.current().orElseThrow().entry().mode()).isEqualTo(CertMode.ACME);
    assertThat(changes())
        .extracting(CertChanged::mode)
        .containsExactly(CertMode.SELF_SIGNED, CertMode.ACME);
  }

  @Test
  void whatAnAuthorityIssuesTooLateIsLeftAlone() {
    var keeper = start(new CertificatePlan.Acme(NAMES, ""));
    var issued = new SelfSigned(clock).issue(NAMES);

    keeper.follow(new CertificatePlan.Acme(List.of("new.test"), ""), "cause");
    keeper.installIssued(issued, CertReason.ISSUED, "order");
    keeper.follow(SELF_SIGNED, "cause");
    keeper.installIssued(issued, CertReason.ISSUED, "order");

    assertThat(changes()).extracting(CertChanged::mode).containsOnly(CertMode.SELF_SIGNED);
  }

  @Test
  void aDomainGetsItFromAnAuthorityAndAnAddressIfToldSo() {
    assertThat(plan("chat.test", false)).isInstanceOf(CertificatePlan.Acme.class);
    assertThat(plan("_chat.test", true)).isInstanceOf(CertificatePlan.SelfSigned.class);
    assertThat(plan("192.0.2.7", false)).isInstanceOf(CertificatePlan.SelfSigned.class);
    assertThat(plan("192.0.2.7", true).names()).containsExactly("192.0.2.7");
    assertThat(plan("192.0.2.7", true)).isInstanceOf(CertificatePlan.Acme.class);
  }

  private static CertificatePlan plan(String domain, boolean addressesByAcme) {
    return CertificatePlan.of(
        new RelayConfiguration(
            Map.of("mail_domain", domain, "tls_external_cert_and_key", "", "acme_email", "")),
        Optional.empty(),
        addressesByAcme);
  }

  @Test
  void whatAForeignManagerKeepsAndCannotBeUsedIsSaidOnce() {
    var kept = new ForeignSource.TwoFiles(Path.of("/kept/cert.pem"), Path.of("/kept/key.pem"));
    var keeper = start(new CertificatePlan.Foreign(List.of("chat.test"), kept));
    keeper.refuseForeign(List.of("the key does not fit"));
    keeper.refuseForeign(List.of("the key does not fit"));

    assertThat(keeper.current()).isEmpty();
    assertThat(published())
        .filteredOn(e -> e instanceof RelayActivity.CertIssueFailed)
        .singleElement()
        .asString()
        .contains("/kept/cert.pem", "is not taken: the key does not fit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "genrsa -traditional 2048",
        "ecparam -name secp384r1 -genkey",
        "genpkey -algorithm ED25519",
      })
  void keysOfAllUsualFormsAreTaken(String form) throws Exception {
    var key = openssl(form);
    var certificate = certify(key, "_relay.test");

    var imported = start(SELF_SIGNED).importPair(certificate, key, null);

    assertThat(imported.current().entry().mode()).isEqualTo(CertMode.EXTERNAL);
    assertThat(imported.current().entry().reason()).isEqualTo(CertReason.IMPORTED);
    assertThat(imported.warnings()).anyMatch(w -> w.contains("www._relay.test"));
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingChanges() throws Exception {
    var keeper = start(SELF_SIGNED);
    var before = keeper.current();
    var key = openssl("genpkey -algorithm ED25519");
    var other = openssl("genpkey -algorithm ED25519");
    var good = certify(key, "_relay.test");

    assertRefused(keeper, good, other, "does not fit");
    assertRefused(keeper, certify(key, "other.test"), key, "does not cover _relay.test");
    assertRefused(keeper, "nonsense", key, "certificate cannot be read");
    assertRefused(keeper, good, "nonsense", "key cannot be read");
    assertRefused(keeper, good, good, "key cannot be read");
    assertRefused(
        keeper,
        good,
        openssl("genpkey -algorithm ED25519 -aes256 -pass pass:x"),
        "key is encrypted");
    clock = Clock.fixed(Instant.now().plus(Duration.ofDays(60)), ZoneOffset.UTC);
    assertRefused(start(SELF_SIGNED), good, key, "expired");
    assertThat(keeper.current()).isEqualTo(before);
    assertThat(changes()).hasSize(1);
  }

  @Test
  void noKeyIsEverWrittenElsewhere() throws Exception {
    var key = openssl("genpkey -algorithm ED25519");
    start(SELF_SIGNED).importPair(certify(key, "_relay.test"), key, null);
    var secret = key.lines().filter(line -> !line.startsWith("-")).findFirst().orElseThrow();
    var stored = new CertificateStore(folder).live().orElseThrow();
    assertThat(Files.readString(stored.privateKey())).contains(secret);

    assertThat(published()).isNotEmpty().noneMatch(event -> event.toString().contains(secret));
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(stored.folder())) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
        }
      }
    }
    var pair = new KeyedChain(stored.chain(), new SelfSigned(clock).issue(NAMES).key());
    assertThat(pair.toString())
        .doesNotContain(Base64.getEncoder().encodeToString(pair.key().getEncoded()));
  }

  private static void assertRefused(
      CertificateKeeper keeper, String certificate, String key, String why) {
    assertThatThrownBy(() -> keeper.importPair(certificate, key, null))
        .isInstanceOf(RefusedCertificate.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("-----BEGIN");
  }

  private CertificateKeeper start(CertificatePlan plan) {
    var keeper =
        new CertificateKeeper(
            new CertificateStore(folder),
            new Ledger(folder.resolve("ledger.json")),
            bus,
            plan,
            new PemImport(clock),
            clock);
    keeper.start(plan);
    return keeper;
  }

  private List<CertChanged> changes() {
    return published().stream()
        .filter(CertChanged.class::isInstance)
        .map(CertChanged.class::cast)
        .toList();
  }

  private List<RelayEvent> published() {
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var found = new CopyOnWriteArrayList<RelayEvent>();
    try (var reader =
        bus.read(
            Set.of(Topic.CERT_CHANGED, Topic.RELAY_ACTIVITY),
            Map.of(),
            envelope -> {
              if (envelope.source().equals(bus.source())) {
                found.add(envelope.event());
              }
            })) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
    }
    return found;
  }

  private String certify(String key, String name) throws Exception {
    var file = Files.writeString(folder.resolve("made.key"), key);
    var text =
        openssl(
            "req -x509 -days 30 -subj /CN=x -addext subjectAltName=DNS:" + name + " -key " + file);
    Files.delete(file);
    assertThat(Pem.certificates(text)).hasSize(1);
    return text;
  }

  private static String openssl(String arguments) throws Exception {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).as(arguments).isZero();
    return output;
  }
}
