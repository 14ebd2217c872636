package dev.postbus.cert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postbus.events.RelayActivity;
import dev.postbus.testing.FreePort;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** However often this service starts, and whatever it loses, authorities are asked in measure. */
class BudgetTest extends AcmeFixture {
  @Test
  void noMoreThanFiveCertificatesForTheSameNamesInAWeek() throws Exception {
    // Given five in some hours
    var keeper = keeper();
    step(keeper);
    for (int i = 0; i < 4; i++) {
      clock.move(Duration.ofMinutes(61));
      var forced = keeper.renew(true, null);
      keeper.step();
      assertThat(forced.join()).isEmpty();
    }
    assertThat(home.installed).hasSize(5);

    // When another is asked for, then it is refused with a time, and nothing is ordered
    clock.move(Duration.ofMinutes(61));
    var sixth = keeper.renew(true, null);
    keeper.step();
    assertThat(sixth.join())
        .hasValueSatisfying(why -> assertThat(why).contains("5 certificates", "no more before"));
    assertThat(failures().getLast().kind()).isEqualTo("budget");
    assertThat(orders()).hasSize(5);

    // When the volume is lost, with account and certificate, then the log still knows
    await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
    lose();
    step(keeper());
    assertThat(home.installed).isEmpty();
    assertThat(orders()).hasSize(5);
    assertThat(failures().getLast().kind()).isEqualTo("budget");

    // When the week is over
    clock.move(Duration.ofDays(7));
    keeper().step();
    assertThat(home.installed).hasSize(1);
  }

  @Test
  void aCrashLoopThatLosesEverythingOrdersFiveTimesAnHour() throws Exception {
    try (var proxy = faulty()) {
      // Given an authority that takes orders and then fails
      proxy.answer("/authZ/", FaultyCa.Fault.error(400, "malformed", "no"));

      // When everything is lost time and again
      for (int i = 0; i < 7; i++) {
        await().atMost(Duration.ofSeconds(20)).until(bus::allSent);
        lose();
        step(keeper());
      }

      // Then the authority was asked no more often than it allows
      assertThat(proxy.orders()).hasSize(Budget.ORDERS_AN_HOUR);
      assertThat(orders()).hasSize(Budget.ORDERS_AN_HOUR);
      assertThat(published(RelayActivity.AcmeAccountRegistered.class))
          .hasSize(Budget.ACCOUNTS_IN_THREE_HOURS);
    }
  }

  @Test
  void whileTheLogCannotBeReadNothingIsOrdered() throws Exception {
    // Given a service without its count, and without a bus
    bus.close();
    bus =
        dev.postbus.events.EventBus.open(
            new dev.postbus.events.BusSettings(
                "127.0.0.1:" + FreePort.any(),
                "relay.test",
                "cert-service",
                folder.resolve("outbox"),
                (short) 1));
    lose();
    var keeper = keeper();

    keeper.step();
    keeper.step();

    assertThat(home.installed).isEmpty();
    assertThat(acmeFolder().resolve("budget.json")).doesNotExist();
    keeper.closeHistory();
  }

  /** All that is on disk, once the bus has what was said. */
  private void lose() throws Exception {
    home.installed.clear();
    if (Files.exists(acmeFolder())) {
      try (var files = Files.walk(acmeFolder())) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
