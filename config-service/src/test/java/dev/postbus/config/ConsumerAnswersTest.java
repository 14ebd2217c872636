package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayActivity.DaemonAction;
import dev.postbus.events.RelayEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumers' words on a real bus. */
class ConsumerAnswersTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final List<DaemonAction> RELOADED =
      List.of(new DaemonAction("postfix", "reloaded", 80));

  @TempDir Path data;
  @TempDir Path state;
  private EmbeddedBroker broker;
  private EventBus mail;
  private EventBus web;
  private Life life;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.startOnFreePorts(data.resolve("bus"));
    life = new Life(state, broker.bootstrap());
    mail = open("mail-supervisor");
    web = open("web-service");
  }

  @AfterEach
  void stop() {
    mail.close();
    web.close();
    life.close();
    broker.close();
  }

  @Test
  void aVersionHasSettledWhenEveryConsumerHasAppliedItOrALaterOne() throws Exception {
    life.set("max_load_1m", "9");
    life.set("max_load_1m", "10");
    try (var answers = follow()) {
      assertThat(answers.missing(2)).containsExactly("mail-supervisor", "web-service");

      mail.publish(new RelayActivity.ConfigApplied("mail-supervisor", 2, RELOADED, 40), null);
      web.publish(new RelayActivity.ConfigApplied("web-service", 3, List.of(), 50), null);

      await().atMost(LONG).until(() -> answers.missing(2).isEmpty());
      assertThat(answers.of(2))
          .singleElement()
          .satisfies(answer -> assertThat(answer.daemons()).isEqualTo(RELOADED));
      assertThat(answers.missing(3)).containsExactly("mail-supervisor");
    }
    // And this outlives a restart
    try (var answers = follow()) {
      assertThat(answers.missing(2)).isEmpty();
      assertThat(answers.of(3)).hasSize(1);
    }
  }

  @Test
  void aRejectedVersionIsTakenBackAndSeenAsRejectedWithTheDaemonsWords() throws Exception {
    life.set("filtermail_smtp_port", "10099");
    try (var answers = follow()) {
      web.publish(new RelayActivity.ConfigApplied("web-service", 2, List.of(), 30), null);
      mail.publish(
          new RelayActivity.ConfigRejected(
              "mail-supervisor", 2, "postfix", "port 10099 is taken", 1L, 90),
          null);

      await().atMost(LONG).until(() -> answers.missing(2).isEmpty());
      assertThat(life.keeper().current().number()).isEqualTo(3);
      assertThat(life.keeper().current().takesBack()).isTrue();
      assertThat(life.keeper().current().plain()).containsEntry("filtermail_smtp_port", "10080");
      assertThat(answers.of(2))
          .extracting(Answer::applied, Answer::reason)
          .contains(org.assertj.core.groups.Tuple.tuple(false, "port 10099 is taken"));
    }
  }

  @Test
  void nobodyElseHasASay() throws Exception {
    life.set("max_load_1m", "9");
    try (var answers = follow();
        var stranger = open("stranger")) {
      stranger.publish(
          new RelayActivity.ConfigRejected("mail-supervisor", 2, "postfix", "no", 1L, 90), null);
      stranger.publish(new RelayActivity.ConfigApplied("stranger", 2, List.of(), 1), null);
      await().atMost(LONG).until(stranger::allSent);
      web.publish(new RelayActivity.ConfigApplied("web-service", 2, List.of(), 30), null);

      await().atMost(LONG).until(() -> !answers.of(2).isEmpty());
      assertThat(answers.missing(2)).containsExactly("mail-supervisor");
      assertThat(answers.of(2)).extracting(Answer::service).containsExactly("web-service");
      assertThat(life.keeper().current().number()).isEqualTo(2);
    }
  }

  @Test
  void lostAnswersAreReadFromTheLogAgain(@TempDir Path other) {
    RelayEvent applied = new RelayActivity.ConfigApplied("web-service", 1, List.of(), 30);
    web.publish(applied, null);
    await().atMost(LONG).until(web::allSent);

    try (var answers = ConsumerAnswers.follow(new AnswerFiles(other), life.keeper(), life.bus())) {
      await().atMost(LONG).until(() -> answers.of(1).size() == 1);
    }
  }

  private ConsumerAnswers follow() {
    var files = new AnswerFiles(state.resolve("answers"));
    return ConsumerAnswers.follow(files, life.keeper(), life.bus());
  }

  private EventBus open(String service) {
    return EventBus.open(
        new BusSettings(
            broker.bootstrap(), "_test.example", service, data.resolve(service), (short) 1));
  }
}
