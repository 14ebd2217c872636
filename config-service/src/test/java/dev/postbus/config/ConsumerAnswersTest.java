package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.postbus.audit.Keep;
import dev.postbus.audit.Retention;
import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.BusSettings;
import dev.postbus.events.EventBus;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayActivity.DaemonAction;
import dev.postbus.events.RelayEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
  void answersThatWereLostAndRemovedFromTheLogAreInTheSnapshot() throws Exception {
    // Given answers to the newest version, and much that came after them
    life.set("max_load_1m", "9");
    mail.publish(new RelayActivity.ConfigApplied("mail-supervisor", 2, RELOADED, 40), null);
    web.publish(new RelayActivity.ConfigApplied("web-service", 2, List.of(), 50), null);
    for (int i = 0; i < 3; i++) {
      mail.publish(new RelayActivity.ProcessReady("mail-supervisor", "postfix", i, 5), null);
      await().atMost(LONG).until(() -> mail.allSent() && web.allSent());
    }

    // When the log forgets them, and the service does
    new Retention(life.bus(), broker.bootstrap(), "_test.example", Clock.systemUTC())
        .run(Keep.parse("1").orElseThrow(), false);

    // Then it is still known who has applied what
    try (var answers = follow()) {
      await().atMost(LONG).until(() -> answers.missing(2).isEmpty());
      assertThat(answers.of(2)).hasSize(2).allMatch(Answer::applied);
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
  void ofAConsumerWithReplicasEachThatThereIsMustHaveIt(@TempDir Path tokens) throws Exception {
    // Given two replicas, of which one has applied a version, and somebody who does not answer
    life.set("max_load_1m", "9");
    var token = Files.writeString(tokens.resolve("token"), "a-token-of-many-characters\n");
    var said = new ConcurrentHashMap<String, String>();
    said.put("127.0.0.1", "{\"service\":\"web-service@one\",\"configVersion\":2}");
    try (var one = open("web-service@one");
        var two = open("web-service@two");
        var status = new StatusPage("127.0.0.1", 0, said);
        var answers = follow(new NamedReplicas("127.0.0.1", status.port(), token))) {
      mail.publish(new RelayActivity.ConfigApplied("mail-supervisor", 2, RELOADED, 40), null);
      await().atMost(LONG).until(() -> answers.missing(2).contains("web-service@one"));

      // When it says so on the bus, it is missed no more
      one.publish(new RelayActivity.ConfigApplied("web-service@one", 2, List.of(), 50), null);
      await().atMost(LONG).until(() -> answers.missing(2).isEmpty());

      // Then another one at that address is missed, until it has rejected the version
      said.put("127.0.0.1", "{\"service\":\"web-service@two\",\"configVersion\":1}");
      assertThat(answers.missing(2)).containsExactly("web-service@two");
      two.publish(
          new RelayActivity.ConfigRejected("web-service@two", 2, "nginx", "no room", 1L, 90), null);
      await().atMost(LONG).until(() -> answers.missing(2).isEmpty());
      assertThat(life.keeper().current().takesBack()).isTrue();

      // And who does not answer is named by its address
      status.stop();
      assertThat(answers.missing(2)).containsExactly("web-service at 127.0.0.1");
      assertThat(status.authorizations()).containsOnly("Bearer a-token-of-many-characters");
    }
  }

  /** What a replica says of itself, by the address that it is asked at. */
  private static final class StatusPage implements AutoCloseable {
    private final HttpServer server;
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    private StatusPage(String host, int port, Map<String, String> said) throws IOException {
      server = HttpServer.create(new InetSocketAddress(host, port), 4);
      server.createContext(
          "/web/status",
          exchange -> {
            try (exchange) {
              authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
              var body = said.get(host).getBytes(StandardCharsets.US_ASCII);
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
    }

    private int port() {
      return server.getAddress().getPort();
    }

    private void stop() {
      server.stop(0);
    }

    private List<String> authorizations() {
      return authorizations;
    }

    @Override
    public void close() {
      stop();
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

    try (var answers =
        ConsumerAnswers.follow(new AnswerFiles(other), life.keeper(), life.bus(), Replicas.NONE)) {
      await().atMost(LONG).until(() -> answers.of(1).size() == 1);
    }
  }

  private ConsumerAnswers follow() {
    return follow(Replicas.NONE);
  }

  private ConsumerAnswers follow(Replicas replicas) {
    var files = new AnswerFiles(state.resolve("answers"));
    return ConsumerAnswers.follow(files, life.keeper(), life.bus(), replicas);
  }

  private EventBus open(String service) {
    return EventBus.open(
        new BusSettings(
            broker.bootstrap(), "_test.example", service, data.resolve(service), (short) 1));
  }
}
