package dev.postbus.cert.acme;

import dev.postbus.events.CertChanged;
import dev.postbus.events.CertMode;
import dev.postbus.events.Envelope;
import dev.postbus.events.EventBus;
import dev.postbus.events.EventReader;
import dev.postbus.events.RelayActivity;
import dev.postbus.events.RelayEvent;
import dev.postbus.events.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Makes a lost {@link Budget} again from what the log says was ordered and issued. */
final class BudgetHistory implements AutoCloseable {
  private final Map<String, Budget.Ordered> orders = new HashMap<>();
  private final List<Budget.Registered> accounts = new ArrayList<>();
  private final Set<String> issued = new HashSet<>();
  private final EventReader reader;
  private final CompletableFuture<Budget.Spent> result;

  /** Begins to read the whole log; a bus that is away is waited for. */
  BudgetHistory(EventBus bus) {
    reader =
        bus.read(
            Set.of(Topic.RELAY_ACTIVITY, Topic.CERT_CHANGED),
            Map.of(),
            envelope -> {
              if (envelope.source().equals(bus.source())) {
                take(envelope);
              }
            });
    result = reader.caughtUp().thenApply(done -> spent());
  }

  /** All of it, when the log has been read to its end. */
  Optional<Budget.Spent> spentIfRead() {
    return result.isDone() ? Optional.of(result.join()) : Optional.empty();
  }

  /** Calls back when the log has been read. */
  void whenRead(Runnable callback) {
    result.thenRun(callback);
  }

  private synchronized void take(Envelope<RelayEvent> envelope) {
    switch (envelope.event()) {
      case RelayActivity.CertOrderBegun begun ->
          orders.put(
              envelope.id(),
              new Budget.Ordered(
                  envelope.id(), begun.authority(), begun.names(), envelope.time(), false));
      case RelayActivity.AcmeAccountRegistered account ->
          accounts.add(new Budget.Registered(account.authority(), envelope.time()));
      case CertChanged changed when changed.mode() == CertMode.ACME ->
          issued.add(Objects.requireNonNullElse(envelope.causationId(), ""));
      default -> {
        // Nothing that was asked of an authority.
      }
    }
  }

  private synchronized Budget.Spent spent() {
    return new Budget.Spent(
        orders.values().stream()
            .map(
                o ->
                    new Budget.Ordered(
                        o.id(), o.authority(), o.names(), o.time(), issued.contains(o.id())))
            .toList(),
        accounts);
  }

  @Override
  public void close() {
    reader.close();
  }
}
