package dev.postbus.policy.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All helpers of a name: each address that it has now. They are looked up and looked at every
 * second, so that new ones get work and those that went get none; whoever does not answer a request
 * gets none from that moment on.
 */
public final class Helpers implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Names names;
  private final Thread looking;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<Helper> all = List.of();

  /** Where helpers may be. */
  @FunctionalInterface
  interface Names {
    List<InetSocketAddress> now() throws IOException;
  }

  private Helpers(Names names) {
    this.names = names;
    this.looking = Thread.ofPlatform().name("helpers").daemon().unstarted(this::lookAgainAndAgain);
  }

  /**
   * A helper as an operator sees it.
   *
   * @param address its IP address
   * @param serves whether it answers
   * @param done requests that it has done for this process
   */
  public record View(String address, boolean serves, long done) {}

  /**
   * Helpers at every address of a host.
   *
   * @param where {@code HOST:PORT}
   * @throws IllegalArgumentException if it is something else
   */
  public static Helpers at(String where) {
    if (!where.matches("[A-Za-z0-9._-]+:\\d{1,5}")) {
      throw new IllegalArgumentException("helpers are at HOST:PORT, not at '" + where + "'");
    }
    var colon = where.indexOf(':');
    var host = where.substring(0, colon);
    var port = Integer.parseInt(where.substring(colon + 1));
    return start(
        () ->
            Arrays.stream(InetAddress.getAllByName(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList());
  }

  static Helpers start(Names names) {
    var helpers = new Helpers(names);
    helpers.looking.start();
    return helpers;
  }

  /** All that are known. */
  public List<View> views() {
    return all.stream()
        .map(one -> new View(one.host(), one.serves(), one.done()))
        .sorted(Comparator.comparing(View::address))
        .toList();
  }

  /** The one that has the least to do of those that serve, but for some. */
  Optional<Helper> next(Set<Helper> without) {
    var now = all;
    var begin = turn.getAndIncrement();
    Helper best = null;
    for (int i = 0; i < now.size(); i++) {
      var one = now.get(Math.floorMod(begin + i, now.size()));
      if (one.serves()
          && !without.contains(one)
          && (best == null || one.running() < best.running())) {
        best = one;
      }
    }
    return Optional.ofNullable(best);
  }

  @Override
  public void close() {
    looking.interrupt();
  }

  private void lookAgainAndAgain() {
    try {
      while (true) {
        look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      all.forEach(Helper::close);
    }
  }

  private void look() throws InterruptedException {
    var before = new HashMap<InetSocketAddress, Helper>();
    all.forEach(one -> before.put(one.address(), one));
    var named = named();
    var found = new HashMap<InetSocketAddress, Helper>(before);
    named.forEach(address -> found.computeIfAbsent(address, Helper::new));
    lookAt(found);
    // Names are not always answered for: who serves stays, whether it is named or not.
    found.entrySet().removeIf(one -> gone(one, named));
    all = new ArrayList<>(found.values());
  }

  private static boolean gone(
      Map.Entry<InetSocketAddress, Helper> one, List<InetSocketAddress> named) {
    return !one.getValue().serves() && !named.contains(one.getKey());
  }

  private static void lookAt(Map<InetSocketAddress, Helper> helpers) throws InterruptedException {
    var looks = new ArrayList<Thread>();
    for (var helper : helpers.values()) {
      looks.add(Thread.ofVirtual().start(helper::look));
    }
    for (var look : looks) {
      look.join();
    }
  }

  private List<InetSocketAddress> named() {
    try {
      return names.now();
    } catch (IOException none) {
      return List.of();
    }
  }
}
