package dev.postbus.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void aMessageThatWasTakenIsMissingUntilItArrives() {
    // Given two messages that the relay has taken
    var first = ledger.next();
    var second = ledger.next();
    ledger.accepted(first, 1_000_000);
    ledger.accepted(second, 2_000_000);

    // When one arrives
    ledger.arrived(first, 4_000_000);

    // Then the other is missing, and the way of the first is known
    assertThat(ledger.missing()).containsExactly(2_000_000L);
    assertThat(ledger.deliveries()).containsExactly(new Ledger.Delivery(1_000_000, 3));
  }

  @Test
  void theNewsMayBeFasterThanTheReply() {
    var id = ledger.next();

    ledger.arrived(id, 3_000_000);
    ledger.accepted(id, 1_000_000);

    assertThat(ledger.deliveries()).containsExactly(new Ledger.Delivery(1_000_000, 2));
    assertThat(ledger.missing()).isEmpty();
    assertThat(ledger.unconfirmed()).isZero();
  }

  @Test
  void whatWasNotConfirmedIsNotMissedButCountedWhenItComes() {
    // Given a message whose 250 never came
    var id = ledger.next();

    // Then nobody misses it
    assertThat(ledger.missing()).isEmpty();

    ledger.arrived(id, 5);
    assertThat(ledger.unconfirmed()).isEqualTo(1);
    assertThat(ledger.accepted()).isZero();
  }

  @Test
  void theSecondCopyOfAMessageIsCounted() {
    var id = ledger.next();
    ledger.accepted(id, 1);

    ledger.arrived(id, 2);
    ledger.arrived(id, 3);

    assertThat(ledger.duplicates()).isEqualTo(1);
    assertThat(ledger.deliveries()).hasSize(1);
  }

  @Test
  void whatNobodyWaitedForHasNoLatency() {
    var id = ledger.next();
    ledger.accepted(id, 1);

    ledger.arrived(id, Ledger.NOT_AWAITED);

    assertThat(ledger.deliveries()).isEmpty();
    assertThat(ledger.missing()).isEmpty();
  }

  @Test
  void recentOnesAreToldOnce() {
    ledger.accepted(ledger.next(), 0);
    ledger.arrived(1, 1_000_000);

    assertThat(ledger.recent()).hasSize(1);
    assertThat(ledger.recent()).isEmpty();
  }
}
