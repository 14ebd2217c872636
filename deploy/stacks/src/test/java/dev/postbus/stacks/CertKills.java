package dev.postbus.stacks;

import static org.awaitility.Awaitility.await;

import dev.postbus.bench.certs.Handshakes;
import dev.postbus.bench.certs.MadePair;
import dev.postbus.deploy.local.StackState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Kills of services with signal 9 at random points while a foreign manager replaces the
 * certificate, with clients who come all the time and keep what they were served.
 */
final class CertKills {
  private static final List<String> VICTIMS =
      List.of("cert-service", "mail-supervisor", "web-service");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LONGEST_DELAY_MILLIS = 900;

  private final Path state;
  private final ForeignManager manager;
  private final String domain;
  private final Random random;
  private final Map<String, MadePair> put = new HashMap<>();
  private final Map<String, Integer> kills = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private long longestMillis;
  private int rounds;

  CertKills(Path state, ForeignManager manager, String domain, long seed) {
    this.state = state;
    this.manager = manager;
    this.domain = domain;
    this.random = new Random(seed);
    put.put(manager.first().fingerprint(), manager.first());
  }

  /** One replacement with a kill; waits until the new certificate is served by all. */
  void round(Handshakes handshakes) throws Exception {
    var victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
    var pid = pidOf(victim);
    var next = manager.maker().pair(domain);
    put.put(next.fingerprint(), next);
    var delay = Duration.ofMillis(random.nextInt(LONGEST_DELAY_MILLIS));
    var killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  LockSupport.parkNanos(delay.toNanos());
                  ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                });
    if (random.nextInt(3) == 0) {
      // What must never be served: a certificate for somebody else, and half of a pair.
      manager.kept().replace(manager.maker().pair("other.test"));
      Files.writeString(manager.kept().certificate(), next.chain());
    }
    var begin = manager.kept().replace(next);
    killer.join();
    handshakes.await(next.fingerprint(), PATIENCE);
    longestMillis = Math.max(longestMillis, (System.nanoTime() - begin) / 1_000_000);
    kills.merge(victim, 1, Integer::sum);
    rounds++;
    wrong.addAll(halves());
    if (!live().equals(next.fingerprint())) {
      wrong.add("live leads to " + live() + " while " + next.fingerprint() + " is served");
    }
  }

  /** All that must not be. */
  List<String> wrong(Handshakes handshakes) throws GeneralSecurityException {
    var all = new ArrayList<>(wrong);
    for (var seen : handshakes.changes()) {
      var pair = put.get(seen.fingerprint());
      if (pair != null && !seen.chain().equals(chain(pair.chain()))) {
        all.add(seen.listener().name() + " served half a chain of " + seen.fingerprint());
      }
      var leaf = seen.chain().getFirst();
      if (pair == null && !leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
        all.add(seen.listener().name() + " served " + leaf.getSubjectX500Principal());
      }
      if (leaf.getNotAfter().toInstant().isBefore(seen.at())) {
        all.add(seen.listener().name() + " served an expired certificate");
      }
    }
    // A key that does not fit shows as an alert; a daemon that is away does not.
    handshakes.failures().stream()
        .filter(why -> why.contains("SSLHandshakeException") || why.contains("SSLException"))
        .filter(why -> !why.contains("terminated the handshake") && !why.contains("reset"))
        .forEach(all::add);
    return all;
  }

  /** What was done, and what came of it, as text. */
  String counts(Handshakes handshakes) throws GeneralSecurityException {
    return """
        rounds: %d
        kills: %s
        handshakes: %d, failed while something was down: %d
        longest time from the last rename to served by all: %d ms
        wrong (certificate, chain or key served, or generation in the store): %d
        %s
        """
        .formatted(
            rounds,
            kills,
            handshakes.made(),
            handshakes.failures().size(),
            longestMillis,
            wrong(handshakes).size(),
            String.join("\n", wrong(handshakes)));
  }

  /** One that was killed in the round before may not have been started again yet. */
  private long pidOf(String service) {
    return await(service + " does not run")
        .atMost(PATIENCE)
        .until(() -> pid(service), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<Long> pid(String service) {
    return StackState.running(state).stream()
        .flatMap(running -> running.services().stream())
        .filter(one -> one.name().equals(service))
        .flatMap(one -> Stream.ofNullable(one.pid()))
        .findFirst();
  }

  private String live() throws IOException {
    var target = Files.readSymbolicLink(state.resolve("certs/live")).getFileName().toString();
    return target.substring(0, 64);
  }

  /** Generations that a reader would find and that are not whole. */
  private List<String> halves() throws IOException {
    var found = new ArrayList<String>();
    try (var entries = Files.list(state.resolve("certs/generations"))) {
      for (var entry : entries.toList()) {
        var name = entry.getFileName().toString();
        if (name.matches("[0-9a-f]{64}(\\.\\d+)?") && !whole(entry)) {
          found.add("generation " + name + " is not whole");
        }
      }
    }
    return found;
  }

  private boolean whole(Path generation) throws IOException {
    var files = new ArrayList<String>();
    for (var name : List.of("fullchain.pem", "privkey.pem", "chain+key.pem")) {
      var file = generation.resolve(name);
      files.add(Files.exists(file) ? Files.readString(file) : "");
    }
    var pair = put.get(generation.getFileName().toString().substring(0, 64));
    return files.get(2).equals(files.get(1) + files.get(0))
        && files.get(0).endsWith("-----END CERTIFICATE-----\n")
        && (pair == null || (files.get(0).equals(pair.chain()) && files.get(1).equals(pair.key())));
  }

  private static List<X509Certificate> chain(String pem) throws GeneralSecurityException {
    var chain = new ArrayList<X509Certificate>();
    var bytes = pem.getBytes(StandardCharsets.US_ASCII);
    for (var one :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes))) {
      chain.add((X509Certificate) one);
    }
    return chain;
  }
}
