package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.config.Version.Author;
import dev.postbus.events.BusSettings;
import dev.postbus.events.ConfigChanged;
import dev.postbus.events.EventBus;
import dev.postbus.events.KeyChange;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeeperTest {
  private static final Author TESTER = new Author("api:tester", null);

  @TempDir static Path data;
  private static EmbeddedBroker broker;

  @TempDir Path folder;
  private EventBus bus;
  private boolean rewrite;
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
    var change =
        start().change(new Edit(Map.of("max_message_size", "10000000"), List.of()), null, TESTER);

    assertThat(change.unchanged()).isFalse();
    assertThat(change.version().number()).isEqualTo(2);
    assertThat(change.version().changes()).hasSize(1);
    assertThat(start().current().values().get("max_message_size"))
        .isEqualTo(
            new LayeredValue(
                "10000000",
                Layer.OPERATOR,
                List.of(
                    new LayeredValue.Hidden(Layer.INI, "31457280"),
                    new LayeredValue.Hidden(Layer.DEFAULT, "31457280"))));
    assertThat(published())
        .extracting(ConfigChanged::actor)
        .containsExactly("startup", "api:tester");
  }

  @Test
  void unsetGivesTheValueBackToTheLayerBeneath() throws Exception {
    var keeper = start();
    keeper.change(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER);

    var change = keeper.change(new Edit(Map.of(), List.of("max_load_1m")), null, TESTER);

    assertThat(change.version().number()).isEqualTo(3);
    assertThat(change.version().values().get("max_load_1m").value()).isEqualTo("5");
  }

  @Test
  void aRefusedChangeChangesNothing() throws Exception {
    var keeper = start();

    assertThatThrownBy(
            () ->
                keeper.change(
                    new Edit(Map.of("max_mesage_size", "5", "max_load_1m", "7"), List.of()),
                    null,
                    TESTER))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("did you mean max_message_size");

    assertThat(keeper.current().number()).isEqualTo(1);
    assertThat(published()).hasSize(1);
  }

  @Test
  void settingWhatIsAlreadySoIsNoVersion() throws Exception {
    var change = start().change(new Edit(Map.of("max_load_1m", "5"), List.of()), null, TESTER);

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
    var version =
        start().change(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER).version();
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    var lost =
        new Version(
            3,
            version.time(),
            "api:tester",
            null,
            version.values(),
            List.of(),
            version.digest(),
            "the-event-that-was-lost",
            null);
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

  @Test
  void whatIsUnsetIsForgottenAlsoWhereTheValueStays() throws Exception {
    // Given a key that the operator set, and the file has come to say the same of
    var keeper = start();
    keeper.change(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER);
    edit("max_load_1m = 5", "max_load_1m = 9");
    keeper.iniChanged();

    // When it is unset
    var change = keeper.change(new Edit(Map.of(), List.of("max_load_1m")), null, TESTER);

    // Then the file counts from then on
    assertThat(change.unchanged()).isFalse();
    assertThat(change.version().changes())
        .containsExactly(new KeyChange("max_load_1m", "9", "9", "ini"));
    edit("max_load_1m = 9", "max_load_1m = 11");
    keeper.iniChanged();
    assertThat(keeper.current().plain()).containsEntry("max_load_1m", "11");
  }

  @Test
  void anEditOfTheFileIsAVersionAndAWrongOneIsNamedAndKeepsNobodyFromChangingSomething()
      throws Exception {
    var keeper = start();
    edit("delete_mails_after = 20", "delete_mails_after = 33");
    keeper.iniChanged();
    assertThat(keeper.current().number()).isEqualTo(2);
    assertThat(keeper.current().actor()).isEqualTo("file");

    // When all sorts of things are wrong with it, and somebody sets something
    edit("delete_mails_after = 33", "delete_mails_after = soon\nmax_mesage_size = 5");
    keeper.iniChanged();
    var change = keeper.change(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER);

    // Then all of it is named, and what was good in the file goes on
    assertThat(keeper.problems())
        .extracting(Problem::key)
        .containsExactlyInAnyOrder("delete_mails_after", "max_mesage_size");
    assertThat(keeper.problems()).extracting(Problem::line).doesNotContainNull();
    assertThat(change.version().plain())
        .containsEntry("delete_mails_after", "33")
        .containsEntry("max_load_1m", "9");

    // And so after a restart, until it is mended
    var again = start();
    assertThat(again.current()).isEqualTo(change.version());
    assertThat(again.problems()).hasSize(2);
    edit("soon\nmax_mesage_size = 5", "34");
    again.iniChanged();
    assertThat(again.problems()).isEmpty();
    assertThat(again.current().plain())
        .containsEntry("delete_mails_after", "34")
        .containsEntry("max_load_1m", "9");
  }

  @Test
  void aRollbackIsANewVersionWithTheOldValues() throws Exception {
    // Given changes by an operator and in the file since version 2
    var keeper = start();
    keeper.change(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER);
    keeper.change(
        new Edit(Map.of("password_min_length", "12"), List.of("max_load_1m")), null, TESTER);
    edit("delete_mails_after = 20", "delete_mails_after = 33");
    keeper.iniChanged();
    var old = keeper.versions().read(2).orElseThrow();

    // When it is gone back to
    var why = new Author("api:tester", "too many passwords forgotten");
    var version = keeper.rollBack(old, null, why).version();

    // Then its values count, whatever the file says, also after a restart
    assertThat(version.number()).isEqualTo(5);
    assertThat(version.reason()).isEqualTo("too many passwords forgotten");
    assertThat(version.plain()).isEqualTo(old.plain());
    assertThat(version.digest()).isEqualTo(old.digest());
    assertThat(version.values().get("delete_mails_after").layer()).isEqualTo(Layer.OPERATOR);
    assertThat(version.values().get("password_min_length").layer()).isEqualTo(Layer.INI);
    assertThat(start().current()).isEqualTo(version);
    assertThat(keeper.rollBack(old, null, why).unchanged()).isTrue();
  }

  @Test
  void ofTwoWritersWithTheSameVersionInMindOneWinsAndTheOtherIsTold() throws Exception {
    var keeper = start();
    var outcomes = new ConcurrentLinkedQueue<String>();
    var expected = Expectation.of("\"1\"").orElseThrow();

    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        var load = Integer.toString(10 + i);
        writers.submit(
            () -> {
              try {
                keeper.change(new Edit(Map.of("max_load_1m", load), List.of()), expected, TESTER);
                outcomes.add("won with " + load);
              } catch (VersionConflict e) {
                outcomes.add(String.valueOf(e.getMessage()));
              }
              return null;
            });
      }
    }

    assertThat(outcomes).hasSize(8);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.startsWith("won"))
        .containsExactly("won with " + keeper.current().plain().get("max_load_1m"));
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.startsWith("won"))
        .allMatch(outcome -> outcome.startsWith("the version in force is 2 (by api:tester"));
    assertThat(published()).extracting(ConfigChanged::version).containsExactly(1L, 2L);
  }

  @Test
  void anExpectationIsReadAsTheStandardSays() {
    assertThat(Expectation.of("*")).isEmpty();
    assertThat(Expectation.of("\"3\", \"5\"").orElseThrow().numbers()).containsExactly(3L, 5L);
    for (var wrong : List.of("7", "W/\"7\"", "\"seven\"", "", "\"7\",")) {
      assertThatThrownBy(() -> Expectation.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aProposalSaysWhatAChangeWouldComeToAndChangesNothing() throws Exception {
    var keeper = start();

    var proposed = keeper.propose(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER);

    assertThat(proposed.changes())
        .containsExactly(new KeyChange("max_load_1m", "5", "9", "operator"));
    assertThat(keeper.current().number()).isEqualTo(1);
    assertThat(keeper.versions().numbers()).containsExactly(1L);
  }

  @Test
  void aRejectedFileIsGoneBackFromAndNotTakenAgainUntilItSaysSomethingElse() throws Exception {
    // Given an edited file that a consumer rejects
    var keeper = start();
    edit("filtermail_smtp_port = 10080", "filtermail_smtp_port = 10099");
    keeper.iniChanged();
    keeper.rejected(rejection(2, 1L));

    // Then the version before is in force again, under a number of its own, and it is said why
    assertThat(keeper.current().number()).isEqualTo(3);
    assertThat(keeper.current().values())
        .isEqualTo(keeper.versions().read(1).orElseThrow().values());
    assertThat(keeper.current().reason())
        .isEqualTo("version 2 was rejected by mail-supervisor, postfix says: port 10099 is taken");
    assertThat(keeper.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("port 10099 is taken"));

    // And a restart does not try it again, a mended file does
    var again = start();
    assertThat(again.current().number()).isEqualTo(3);
    assertThat(again.problems()).hasSize(1);
    edit("filtermail_smtp_port = 10099", "filtermail_smtp_port = 10098");
    again.iniChanged();
    assertThat(again.current().number()).isEqualTo(4);
    assertThat(again.problems()).isEmpty();
  }

  @Test
  void aRejectionThatLeftNothingInForceOrIsOfAnOlderVersionTakesNothingBack() throws Exception {
    var keeper = start();
    keeper.rejected(rejection(1, null));
    assertThat(keeper.current().number()).isEqualTo(1);

    keeper.change(new Edit(Map.of("max_load_1m", "9"), List.of()), null, TESTER);
    keeper.change(new Edit(Map.of("max_load_1m", "10"), List.of()), null, TESTER);
    keeper.rejected(rejection(2, 1L));
    assertThat(keeper.current().number()).isEqualTo(3);
    assertThat(keeper.current().plain()).containsEntry("max_load_1m", "10");
  }

  private static Answer rejection(long version, @Nullable Long restored) {
    return new Answer(
        "mail-supervisor",
        version,
        false,
        20,
        List.of(),
        "postfix",
        "port 10099 is taken",
        restored);
  }

  @Test
  void theFileIsWrittenAnewAtAStartWhereThatIsWanted() throws Exception {
    start();
    edit("delete_mails_after = 20", "delete_mails_after = 33");
    environment = Map.of("MAIL_DOMAIN", "_test.example", "MAX_LOAD_1M", "7");

    rewrite = true;
    var keeper = start();

    assertThat(folder.resolve("chatmail.ini"))
        .content()
        .contains("delete_mails_after = 20\n", "max_load_1m = 7\n");
    assertThat(keeper.current().number()).isEqualTo(2);
  }

  @Test
  void aFileThatCannotBeWrittenOrReadIsAProblemLikeOthers() throws Exception {
    var keeper = start();
    Files.delete(folder.resolve("chatmail.ini"));
    Files.createDirectory(folder.resolve("chatmail.ini"));

    keeper.iniChanged();

    assertThat(keeper.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("chatmail.ini cannot be read"));
    rewrite = true;
    assertThat(start().problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("chatmail.ini cannot be written"));
  }

  private ConfigKeeper start() throws InvalidConfiguration {
    return ConfigKeeper.start(
        new IniSource(folder.resolve("chatmail.ini"), rewrite),
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
