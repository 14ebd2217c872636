package dev.postbus.policy.message;

import java.util.List;

/**
 * What was found out about a message.
 *
 * @param kind what it is
 * @param from addresses in From headers; anything but exactly one is suspicious
 * @param autoSubmitted whether it says that no person wrote it
 */
public record Judgement(MessageKind kind, List<String> from, boolean autoSubmitted) {
  /** Copies the list. */
  public Judgement {
    from = List.copyOf(from);
  }
}
