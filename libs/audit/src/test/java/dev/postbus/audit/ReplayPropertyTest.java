package dev.postbus.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postbus.broker.EmbeddedBroker;
import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.CertReason;
import dev.postbus.events.EventBus;
import dev.postbus.events.RawLog;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.RelayState;
import dev.postbus.events.RelayState.AppliedVersion;
import dev.postbus.events.RelayState.ProcessState;
import dev.postbus.events.RelayState.Refused;
import dev.postbus.events.RelayState.Served;
import dev.postbus.events.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random histories, written by real writers that are started again in between, against a model of
 * the relay: at each moment, what is replayed is what was then.
 */
class ReplayPropertyTest {
  private static final String MAIL = "mail-supervisor";
  private static final String WEB = "web-service";
  private static final String FINGERPRINT = "ab".repeat(32);

  private static Path folder;
  private static EmbeddedBroker broker;

  enum What {
    CHANGE,
    APPLY,
    REJECT,
    CERTIFICATE,
    SERVE,
    REFUSE_CERTIFICATE,
    START,
    READY,
    RELOAD,
    STOP,
    CRASH,
    GIVE_UP,
    DKIM,
    NOISE,
    RESTART_WRITER
  }

  /** One thing that happens, to one of two services and of three processes. */
  record Step(What what, boolean web, int process) {
    String service() {
      return web ? WEB : MAIL;
    }
  }

  @BeforeContainer
  static void start() throws IOException {
    System.setProperty("POSTBUS_CHECKPOINT_RECORDS", "7");
    folder = Files.createTempDirectory("replay");
    broker = EmbeddedBroker.startOnFreePorts(folder.resolve("bus"));
  }

  @AfterContainer
  static void stop() throws IOException {
    System.clearProperty("POSTBUS_CHECKPOINT_RECORDS");
    broker.close();
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Combinators.combine(
            Arbitraries.of(What.class),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 2))
        .as(Step::new)
        .list()
        .ofMinSize(15)
        .ofMaxSize(60);
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void whatIsReplayedIsWhatWas(@ForAll("histories") List<Step> history) throws IOException {
    // Given a history that begins where the last one ended
    var begin = ends();
    var state = Files.createTempDirectory(folder, "try");
    var model = new Model();
    var moments = new ArrayList<Instant>();
    var expected = new ArrayList<RelayState>();
    try (var writers = new Writers(state)) {
      for (var step : history) {
        var time = Instant.EPOCH.plusSeconds(moments.size() + 1L);
        if (step.what() == What.RESTART_WRITER) {
          writers.restart(step.service());
        } else {
          var event = model.happens(step, time);
          writers
              .to(event.topic() == Topic.RELAY_ACTIVITY ? step.service() : "config-service")
              .publish(event, null, EventBus.newId(), time);
        }
        moments.add(time);
        expected.add(model.state());
      }
      writers.awaitSent();
    }

    // When it is replayed up to each moment, and up to now
    moments.add(Instant.now());
    expected.add(model.state());
    try (var log = BusLog.open(broker.bootstrap(), begin)) {
      var replayed = StateReplay.at(log, moments);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(replayed.get(i)).as("after step %d", i).isEqualTo(expected.get(i));
      }
    }

    // And the whole log, with all histories so far, is as it was written
    try (var log = BusLog.open(broker.bootstrap())) {
      assertThat(Verification.of(log, List.of()).findings()).isEmpty();
    }
  }

  private static Map<Topic, Long> ends() {
    var ends = new EnumMap<Topic, Long>(Topic.class);
    try (var log = RawLog.open(broker.bootstrap())) {
      log.ranges().forEach((topic, range) -> ends.put(topic, range.to()));
    }
    return ends;
  }

  private static final class Writers implements AutoCloseable {
    private final Path folder;
    private final Map<String, EventBus> open = new HashMap<>();

    Writers(Path folder) {
      this.folder = folder;
    }

    EventBus to(String service) {
      return open.computeIfAbsent(service, name -> Stack.writer(broker, name, folder));
    }

    /** Closed at once, with whatever is not sent yet. */
    void restart(String service) {
      var running = open.remove(service);
      if (running != null) {
        running.close();
      }
    }

    void awaitSent() {
      // What waits in the outbox of one that was not started again is sent now.
      List.of(MAIL, WEB, "config-service").forEach(service -> Stack.awaitSent(to(service)));
    }

    @Override
    public void close() {
      open.values().forEach(EventBus::close);
    }
  }

  /** What the relay is like, kept beside the events and not computed from them. */
  private static final class Model {
    private long version;
    private long generation;
    private long pid;
    private RelayState.Configuration configuration;
    private RelayState.Certificate certificate;
    private RelayState.DkimKey dkimKey;
    private final TreeMap<String, ServiceModel> services = new TreeMap<>();

    private static final class ServiceModel {
      AppliedVersion applied;
      Refused refused;
      final TreeMap<String, Served> served = new TreeMap<>();
      final TreeMap<String, ProcessState> processes = new TreeMap<>();
    }

    RelayState state() {
      var all = new TreeMap<String, RelayState.Service>();
      services.forEach(
          (name, one) ->
              all.put(
                  name,
                  new RelayState.Service(one.applied, one.served, one.refused, one.processes)));
      return new RelayState(configuration, certificate, dkimKey, all);
    }

    RelayEvent happens(Step step, Instant time) {
      var service = step.service();
      var process = "process-" + step.process();
      return switch (step.what()) {
        case CHANGE -> {
          var event = Stack.config(++version);
          configuration =
              new RelayState.Configuration(
                  version,
                  time,
                  event.actor(),
                  event.reason(),
                  event.iniDigest(),
                  event.configuration());
          yield event;
        }
        case CERTIFICATE -> {
          var event =
              new CertChanged(
                  ++generation,
                  List.of(Stack.DOMAIN),
                  FINGERPRINT,
                  "1f",
                  "CN=x",
                  time,
                  time.plusSeconds(90),
                  CertMode.ACME,
                  CertReason.RENEWED);
          certificate =
              new RelayState.Certificate(
                  generation,
                  time,
                  FINGERPRINT,
                  event.names(),
                  "CN=x",
                  time,
                  time.plusSeconds(90),
                  CertMode.ACME,
                  CertReason.RENEWED);
          yield event;
        }
        case APPLY -> {
          var one = of(service);
          one.applied = new AppliedVersion(version, time);
          if (one.refused != null && one.refused.what().startsWith("version")) {
            one.refused = null;
          }
          yield new RelayActivity.ConfigApplied(service, version, List.of(), 5);
        }
        case REJECT -> {
          var one = of(service);
          one.refused = new Refused("version " + version, "postfix: bad", time);
          var restored = one.applied == null ? null : one.applied.version();
          yield new RelayActivity.ConfigRejected(service, version, "postfix", "bad", restored, 5);
        }
        case SERVE -> {
          var one = of(service);
          one.served.put("imaps:993", new Served(generation, FINGERPRINT, time));
          if (one.refused != null && one.refused.what().startsWith("generation")) {
            one.refused = null;
          }
          yield new RelayActivity.CertApplied(service, generation, FINGERPRINT, "imaps", 993, 5);
        }
        case REFUSE_CERTIFICATE -> {
          of(service).refused = new Refused("generation " + generation, "expired", time);
          yield new RelayActivity.CertRejected(
              service, generation, FINGERPRINT, null, "expired", 5);
        }
        case START -> {
          of(service).processes.put(process, new ProcessState("starting", ++pid, 1, time, null));
          yield new RelayActivity.ProcessStarted(service, process, pid, 1);
        }
        case READY, RELOAD -> {
          var before = of(service).processes.get(process);
          var running = before == null || before.pid() == null ? ++pid : before.pid();
          if (before == null || !before.state().equals("ready")) {
            of(service)
                .processes
                .put(
                    process,
                    new ProcessState(
                        "ready", running, before == null ? 0 : before.restarts(), time, null));
          }
          yield step.what() == What.READY
              ? new RelayActivity.ProcessReady(service, process, running, 3)
              : new RelayActivity.ProcessReloaded(service, process, running, 3);
        }
        case STOP, CRASH -> {
          var before = of(service).processes.get(process);
          var expected = step.what() == What.STOP;
          of(service)
              .processes
              .put(
                  process,
                  new ProcessState(
                      expected ? "stopped" : "ended",
                      null,
                      before == null ? 0 : before.restarts(),
                      time,
                      "signal 9"));
          yield new RelayActivity.ProcessExited(service, process, 1, "signal 9", expected);
        }
        case GIVE_UP -> {
          of(service).processes.put(process, new ProcessState("gave up", null, 6, time, "bad"));
          yield new RelayActivity.ProcessGaveUp(service, process, 6, "bad");
        }
        case DKIM -> {
          dkimKey = new RelayState.DkimKey(Stack.DOMAIN, "s", "v=DKIM1", "cd" + time, time);
          yield new RelayActivity.DkimKeyChanged(
              service, Stack.DOMAIN, "s", "v=DKIM1", "cd" + time);
        }
        case NOISE -> {
          of(service);
          yield new RelayActivity.CertIssueFailed(service, List.of(Stack.DOMAIN), "no");
        }
        case RESTART_WRITER -> throw new IllegalArgumentException("not an event");
      };
    }

    private ServiceModel of(String service) {
      return services.computeIfAbsent(service, name -> new ServiceModel());
    }
  }
}
