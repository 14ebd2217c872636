package dev.postbus.web.console;

import io.vertx.core.Vertx;

/** Tells pages that are open that something happened, by server-sent events. */
final class LivePages {
  /** So often something is said in any case, lest somebody between takes it for dead. */
  static final long BEAT_MILLIS = 15_000;

  private final LiveEvents events;
  private final Sessions sessions;
  private final Vertx vertx;

  LivePages(LiveEvents events, Sessions sessions, Vertx vertx) {
    this.events = events;
    this.sessions = sessions;
    this.vertx = vertx;
  }

  /** Tells a page until it or its session goes. */
  void open(Exchange exchange, Session session) {
    var response = exchange.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream;charset=utf-8")
        .write("retry: 3000\n\n");
    var beat = vertx.setPeriodic(BEAT_MILLIS, id -> say(exchange, session, ": beat\n\n"));
    response.closeHandler(
        closed -> {
          vertx.cancelTimer(beat);
          events.remove(response);
        });
    if (!events.add(response, () -> say(exchange, session, "data: new\n\n"))) {
      vertx.cancelTimer(beat);
      response.end();
    }
  }

  /** Says something to a page while its session lasts; whether it did. */
  private boolean say(Exchange exchange, Session session, String text) {
    var response = exchange.response();
    if (response.closed() || response.ended()) {
      return false;
    }
    if (sessions.find(session.id(), false).isEmpty()) {
      response.end("event: end\ndata: end\n\n");
      return false;
    }
    // Who does not read is told again with the next one.
    if (!response.writeQueueFull()) {
      response.write(text);
    }
    return true;
  }
}
