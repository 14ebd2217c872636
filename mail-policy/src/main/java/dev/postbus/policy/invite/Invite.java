package dev.postbus.policy.invite;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An invitation, as it is kept.
 *
 * @param created when it was made
 * @param expires when it ends; null if it does not
 * @param uses how many accounts may come of it
 * @param made how many have
 * @param note an operator's
 * @param reserved uses that wait for a first login
 */
record Invite(
    Instant created,
    @Nullable Instant expires,
    int uses,
    int made,
    String note,
    List<Reservation> reserved) {

  Invite {
    reserved = List.copyOf(reserved);
  }

  int left() {
    return uses - made - reserved.size();
  }

  boolean over(Instant now) {
    return expires != null && !now.isBefore(expires);
  }

  Invite with(Reservation reservation) {
    var all = new ArrayList<>(reserved);
    all.add(reservation);
    return new Invite(created, expires, uses, made, note, all);
  }

  /** The same when the account of an address is there. */
  Invite settled(String address) {
    return with(reserved.stream().filter(r -> !r.address().equals(address)).toList(), 1);
  }

  /**
   * The same without reservations whose time is over; those that an account came of count as used.
   */
  Invite swept(Instant now, Predicate<String> isMade) {
    var waiting = new ArrayList<Reservation>();
    int used = 0;
    for (var each : reserved) {
      if (isMade.test(each.address())) {
        used++;
      } else if (now.isBefore(each.until())) {
        waiting.add(each);
      }
    }
    return waiting.size() == reserved.size() ? this : with(waiting, used);
  }

  Optional<Reservation> reservation(String address) {
    return reserved.stream().filter(r -> r.address().equals(address)).findFirst();
  }

  private Invite with(List<Reservation> waiting, int more) {
    return new Invite(created, expires, uses, made + more, note, waiting);
  }
}
