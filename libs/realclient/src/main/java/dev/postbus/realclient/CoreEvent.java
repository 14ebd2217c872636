package dev.postbus.realclient;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the core told.
 *
 * @param at when it was heard, by {@link System#nanoTime}
 * @param account number of the account in its core
 * @param kind e.g. {@code IncomingMsg}
 * @param fields all that it says
 */
public record CoreEvent(long at, int account, String kind, JsonNode fields) {

  static CoreEvent of(long at, JsonNode event) {
    var fields = event.path("event");
    return new CoreEvent(at, event.path("contextId").asInt(), fields.path("kind").asText(), fields);
  }

  /** Whether it is of a kind and about an account. */
  public boolean is(int account, String kind) {
    return this.account == account && this.kind.equals(kind);
  }

  /** A field that is a number; 0 if there is none. */
  public int number(String field) {
    return fields.path(field).asInt();
  }

  /** The text of log lines; empty for other kinds. */
  public String text() {
    return fields.path("msg").asText();
  }
}
