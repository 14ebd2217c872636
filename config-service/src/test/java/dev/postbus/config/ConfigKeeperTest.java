package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BusSettings;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventBus;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeeperTest {
  @TempDir static Path data;
  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private EventBus bus;
  private Map<String, String> environment = Map.of("MAIL_DOMAIN", "_test.example");

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
                "_test.example",
                "config-service-" + folder.getFileName(),
                folder.resolve("outbox"),
                (short) 1));
  }

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void theFirstStartWritesTheIniFileAndVersionOne() throws Exception {
    var keeper = start();

    assertThat(keeper.current().number()).isEqualTo(1);
    assertThat(folder.resolve("chatmail.ini"))
        .content()
        .contains("[params]")
        .contains("mail_domain = _test.example")
        .contains("max_message_size = 31457280");
    assertThat(published()).extracting(ConfigChanged::version).containsExactly(1L);
    assertThat(published().getFirst().iniDigest()).matches("[0-9a-f]{64}");
  }

  @Test
  void aStartWithoutAChangeMakesNoVersion() throws Exception {
    start();
    start();

    assertThat(published()).extracting(ConfigChanged::version).containsExactly(1L);
  }

  @Test
  void aChangeIsAVersionAndOutlivesARestart() throws Exception {
    var change = start().change(Map.of("max_message_size", "10000000"), List.of(), "tester");

    assertThat(change.unchanged()).isFalse();
    assertThat(change.version().number()).isEqualTo(2);
    assertThat(change.version().changes()).hasSize(1);
    assertThat(start().current().values().get("max_message_size"))
        .isEqualTo(new Resolved.LayeredValue("10000000", Layer.OPERATOR));
    assertThat(published())
        .extracting(ConfigChanged::actor)
        .containsExactly("startup", "api:tester");
  }

  @Test
  void unsetGivesTheValueBackToTheLayerBeneath() throws Exception {
    var keeper = start();
    keeper.change(Map.of("max_load_1m", "9"), List.of(), "tester");

    var change = keeper.change(Map.of(), List.of("max_load_1m"), "tester");

    assertThat(change.version().number()).isEqualTo(3);
    assertThat(change.version().values().get("max_load_1m").value()).isEqualTo("5");
  }

  @Test
  void aRefusedChangeChangesNothing() throws Exception {
    var keeper = start();

    assertThatThrownBy(
            () ->
                keeper.change(
                    Map.of("max_mesage_size", "5", "max_load_1m", "7"), List.of(), "tester"))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("did you mean max_message_size");

    assertThat(keeper.current().number()).isEqualTo(1);
    assertThat(published()).hasSize(1);
  }

  @Test
  void settingWhatIsAlreadySoIsNoVersion() throws Exception {
    var change = start().change(Map.of("max_load_1m", "5"), List.of(), "tester");

    assertThat(change.unchanged()).isTrue();
    assertThat(published()).hasSize(1);
  }

  @Test
  void anEditedFileBecomesAVersionAndABrokenOneDoesNot() throws Exception {
    start();
    edit("delete_mails_after = 20", "delete_mails_after = 33");
    assertThat(start().current().number()).isEqualTo(2);
    assertThat(published().getLast().actor()).isEqualTo("file");

    edit("delete_mails_after = 33", "delete_mails_after = soon");
    var keeper = start();
    assertThat(keeper.current().number()).isEqualTo(2);
    assertThat(keeper.problems()).singleElement().extracting(Problem::line).isNotNull();
  }

  @Test
  void theEventOfAVersionIsMadeGoodAfterACrashAndIsOne() throws Exception {
    // Given a version file whose event never reached the outbox
    var version = start().change(Map.of("max_load_1m", "9"), List.of(), "tester").version();
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var lost =
        new Version(
            3,
            version.time(),
            "api:tester",
            version.values(),
            List.of(),
            version.digest(),
            "the-event-that-was-lost");
    new VersionFiles(folder.resolve("versions")).write(lost);

    // When the service starts twice
    start();
    start();

    // Then it is there, once
    assertThat(published()).extracting(ConfigChanged::version).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aFirstStartWithAWrongEnvironmentIsRefused() {
    environment = Map.of("MAIL_DOMAIN", "not a domain");

    assertThatThrownBy(this::start)
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("mail_domain (environment variable MAIL_DOMAIN) must be");
    assertThat(folder.resolve("chatmail.ini")).doesNotExist();
  }

  private ConfigKeeper start() throws InvalidConfiguration {
    return ConfigKeeper.start(
        folder.resolve("chatmail.ini"),
        false,
        new VersionFiles(folder.resolve("versions")),
        environment,
        bus);
  }

  private void edit(String from, String to) throws IOException {
    var ini = folder.resolve("chatmail.ini");
    var text = Files.readString(ini);
    assertThat(text).contains(from);
    Files.writeString(ini, text.replace(from, to));
  }

  private List<ConfigChanged> published() {
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var found = new CopyOnWriteArrayList<ConfigChanged>();
    try (var reader =
        bus.read(
            Set.of(Topic.CONFIG_CHANGED),
            Map.of(),
            envelope -> {
              if (envelope.source().equals(bus.source())) {
                found.add((ConfigChanged) envelope.event());
              }
            })) {
      reader.caughtUp().orTimeout(20, TimeUnit.SECONDS).join();
    }
    return found;
  }
}
