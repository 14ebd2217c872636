package dev.postbus.cert.acme;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Counts what was asked of authorities, so that we stay below what they allow however often this
 * service starts: kept on disk, and made again from the event log when that is lost.
 *
 * <p>The limits are those of Let's Encrypt, the tightest that are published: 5 certificates for the
 * same names in 7 days, 5 failed proofs a name in an hour, 10 accounts an address in 3 hours.
 */
final class Budget {
  static final int ORDERS_AN_HOUR = 5;
  static final int CERTIFICATES_A_WEEK = 5;
  static final int ACCOUNTS_IN_THREE_HOURS = 5;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration THREE_HOURS = Duration.ofHours(3);
  private static final Duration WEEK = Duration.ofDays(7);

  private final StateFile<Spent> file;

  Budget(Path folder) {
    file = new StateFile<>(folder.resolve("budget.json"), Spent.class);
  }

  /**
   * An order that was begun.
   *
   * @param id id of its event
   * @param issued whether it came to a certificate
   */
  record Ordered(String id, String authority, List<String> names, Instant time, boolean issued) {
    Ordered {
      names = List.copyOf(names);
    }

    private boolean isFor(List<String> others) {
      return new HashSet<>(names).equals(new HashSet<>(others));
    }
  }

  /** An account that was made. */
  record Registered(String authority, Instant time) {}

  /** All of it. */
  record Spent(List<Ordered> orders, List<Registered> accounts) {
    Spent {
      orders = List.copyOf(orders);
      accounts = List.copyOf(accounts);
    }
  }

  /**
   * Nothing may be ordered now.
   *
   * @param until when that is over
   * @param why which limit was reached
   */
  record Blocked(Instant until, String why) {}

  /** Whether the count is lost, or was never begun: it has to be {@link #restore restored}. */
  boolean isLost() {
    return file.read().isEmpty();
  }

  void restore(Spent spent) {
    file.write(spent);
  }

  /** Whether an order for these names would go beyond a limit. */
  Optional<Blocked> blocked(Authority authority, List<String> names, Instant now) {
    var orders = of(authority);
    var recent = timesOf(orders.stream().filter(o -> o.time().isAfter(now.minus(HOUR))).toList());
    if (recent.size() >= ORDERS_AN_HOUR) {
      return Optional.of(
          new Blocked(
              recent.get(recent.size() - ORDERS_AN_HOUR).plus(HOUR),
              "%d orders in the last hour".formatted(recent.size())));
    }
    var issued =
        timesOf(
            orders.stream()
                .filter(o -> o.issued() && o.isFor(names) && o.time().isAfter(now.minus(WEEK)))
                .toList());
    if (issued.size() >= CERTIFICATES_A_WEEK) {
      return Optional.of(
          new Blocked(
              issued.get(issued.size() - CERTIFICATES_A_WEEK).plus(WEEK),
              "%d certificates for the same names in the last 7 days".formatted(issued.size())));
    }
    return Optional.empty();
  }

  /** Whether another account would go beyond a limit. */
  Optional<Blocked> blockedAccount(Authority authority, Instant now) {
    var recent =
        spent().accounts().stream()
            .filter(a -> a.authority().equals(authority.toString()))
            .map(Registered::time)
            .filter(time -> time.isAfter(now.minus(THREE_HOURS)))
            .sorted()
            .toList();
    return recent.size() < ACCOUNTS_IN_THREE_HOURS
        ? Optional.empty()
        : Optional.of(
            new Blocked(
                recent.get(recent.size() - ACCOUNTS_IN_THREE_HOURS).plus(THREE_HOURS),
                "%d new accounts in the last 3 hours".formatted(recent.size())));
  }

  /** Whether an order is counted. */
  boolean knows(String id) {
    return spent().orders().stream().anyMatch(o -> o.id().equals(id));
  }

  void ordered(Ordered order) {
    var spent = spent();
    var orders = new ArrayList<>(spent.orders());
    orders.removeIf(o -> o.time().isBefore(order.time().minus(WEEK)));
    orders.add(order);
    file.write(new Spent(orders, spent.accounts()));
  }

  void issued(String id) {
    var spent = spent();
    var orders =
        spent.orders().stream()
            .map(
                o ->
                    o.id().equals(id)
                        ? new Ordered(o.id(), o.authority(), o.names(), o.time(), true)
                        : o)
            .toList();
    file.write(new Spent(orders, spent.accounts()));
  }

  void registered(Registered account) {
    var spent = spent();
    var accounts = new ArrayList<>(spent.accounts());
    accounts.removeIf(a -> a.time().isBefore(account.time().minus(THREE_HOURS)));
    accounts.add(account);
    file.write(new Spent(spent.orders(), accounts));
  }

  private Spent spent() {
    return file.read().orElseGet(() -> new Spent(List.of(), List.of()));
  }

  private List<Ordered> of(Authority authority) {
    return spent().orders().stream()
        .filter(o -> o.authority().equals(authority.toString()))
        .toList();
  }

  private static List<Instant> timesOf(List<Ordered> orders) {
    return orders.stream().map(Ordered::time).sorted(Comparator.naturalOrder()).toList();
  }
}
