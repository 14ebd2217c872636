package dev.postbus.config;

import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.EventHandler;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Snapshot;
import dev.postbus.events.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what consumers say to versions, and has a version taken back that one of them rejects.
 */
final class ConsumerAnswers implements EventHandler, AutoCloseable {
  /** Those who must answer to each version. */
  static final Set<String> CONSUMERS = Set.of("mail-supervisor", "web-service");

  private static final Logger log = LoggerFactory.getLogger(ConsumerAnswers.class);

  private final AnswerFiles files;
  private final Replicas replicas;
  private final ConfigKeeper keeper;
  private final Map<String, Long> newest = new HashMap<>();
  private long next;
  private @Nullable EventReader reader;

  private ConsumerAnswers(AnswerFiles files, ConfigKeeper keeper, Replicas replicas) {
    this.files = files;
    this.replicas = replicas;
    this.keeper = keeper;
    var progress = files.progress();
    newest.putAll(progress.newest());
    next = progress.offset();
  }

  /** Begins to follow. */
  static ConsumerAnswers follow(
      AnswerFiles files, ConfigKeeper keeper, EventBus bus, Replicas replicas) {
    var answers = new ConsumerAnswers(files, keeper, replicas);
    var from = Map.of(Topic.RELAY_ACTIVITY, answers.next);
    answers.reader = bus.read(Set.of(Topic.RELAY_ACTIVITY, Topic.SNAPSHOT), from, answers);
    return answers;
  }

  @Override
  public void event(Envelope<RelayEvent> envelope) {
    if (envelope.event() instanceof Snapshot snapshot) {
      take(snapshot);
      return;
    }
    var answer = Answer.in(envelope.event());
    // Whoever else writes there has no say.
    if (answer.isPresent()
        && CONSUMERS.contains(consumer(answer.get().service()))
        && envelope.source().toString().equals("urn:postbus:" + answer.get().service())) {
      take(answer.get(), envelope.offset() + 1);
    }
    next = envelope.offset() + 1;
  }

  private synchronized void take(Answer answer, long offset) {
    if (answer.applied()) {
      newest.merge(answer.service(), answer.version(), Math::max);
    } else {
      log.error("{}", answer.words());
      // First this: whoever sees the rejection shall find what came of it.
      keeper.rejected(answer);
    }
    files.add(answer);
    files.remember(new AnswerFiles.Progress(offset, newest));
  }

  /** Answers that were lost here, and that retention has removed from the log. */
  private synchronized void take(Snapshot snapshot) {
    snapshot
        .state()
        .services()
        .forEach(
            (service, state) -> {
              var applied = state.configuration();
              if (applied != null
                  && CONSUMERS.contains(consumer(service))
                  && newest.getOrDefault(service, 0L) < applied.version()) {
                newest.put(service, applied.version());
                files.add(Answer.remembered(service, applied.version()));
              }
            });
  }

  @Override
  public synchronized void caughtUp() {
    files.remember(new AnswerFiles.Progress(next, newest));
  }

  /** The last answer of each consumer to a version. */
  synchronized List<Answer> of(long version) {
    return files.of(version);
  }

  /**
   * Who has not answered to a version, nor applied a later one instead. Of a consumer with replicas
   * these are the replicas that there are now, whenever they began.
   */
  Set<String> missing(long version) {
    var missing = new TreeSet<String>();
    synchronized (this) {
      CONSUMERS.stream()
          .filter(service -> !service.equals(replicas.service()))
          .filter(service -> !answered(service, version))
          .forEach(missing::add);
    }
    // Asking takes a while, and is of no use before the others are done.
    return missing.isEmpty() ? missingReplicas(version) : missing;
  }

  private Set<String> missingReplicas(long version) {
    var now = replicas.now();
    synchronized (this) {
      return now.stream()
          .filter(one -> !one.has(version + 1) && !answered(one.name(), version))
          .map(Replicas.Replica::name)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private boolean answered(String service, long version) {
    return newest.getOrDefault(service, 0L) > version
        || files.of(version).stream().anyMatch(answer -> answer.service().equals(service));
  }

  /** A replica's name is its consumer's with something behind it. */
  private static String consumer(String service) {
    return service.replaceFirst("@.*", "");
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
