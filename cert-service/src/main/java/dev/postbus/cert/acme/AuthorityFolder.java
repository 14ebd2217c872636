package dev.postbus.cert.acme;

import dev.postbus.events.TraceContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one authority: the account, the order that is under way, and how often it went
 * wrong. Only its owner may enter it.
 *
 * @param folder made when it is first needed
 */
record AuthorityFolder(Path folder) {
  /**
   * The account.
   *
   * @param url as the authority names it
   * @param identities domains by which CAA records name the authority; null where it was not asked
   *     yet, or does not say
   */
  record Account(String url, @Nullable List<String> identities) {
    Account {
      identities = identities == null || identities.isEmpty() ? null : List.copyOf(identities);
    }
  }

  /**
   * An order under way. It is written before the authority hears of it, and taken up by its URL
   * after a kill.
   *
   * @param id id of its event
   * @param names what it is for
   * @param reason why it was begun
   * @param cause the event that it answers
   * @param begun when
   * @param url where the authority keeps it; null until the authority has answered
   * @param trace to which it belongs if somebody asked for it as part of a trace; null otherwise
   */
  record Order(
      String id,
      List<String> names,
      String reason,
      @Nullable String cause,
      Instant begun,
      @Nullable String url,
      @Nullable TraceContext trace) {
    Order {
      names = List.copyOf(names);
    }

    Order at(String location) {
      return new Order(id, names, reason, cause, begun, location, trace);
    }
  }

  /**
   * Failures in a row.
   *
   * @param failures how many
   * @param kind what kind the last one was
   * @param reason the last one, in words
   * @param notBefore when the next attempt may be
   */
  record Attempts(int failures, FailureKind kind, String reason, Instant notBefore) {}

  StateFile<Account> account() {
    return new StateFile<>(folder.resolve("account.json"), Account.class);
  }

  KeyFile accountKey() {
    return new KeyFile(folder.resolve("account.key"));
  }

  StateFile<Order> order() {
    return new StateFile<>(folder.resolve("order.json"), Order.class);
  }

  KeyFile orderKey() {
    return new KeyFile(folder.resolve("order.key"));
  }

  StateFile<Attempts> attempts() {
    return new StateFile<>(folder.resolve("attempts.json"), Attempts.class);
  }

  void forgetOrder() {
    // The record first: a key without a record is nothing, a record without its key is a loss.
    order().delete();
    orderKey().delete();
  }

  void make() {
    OwnFiles.makeFolder(folder);
  }
}
