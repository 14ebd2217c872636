package dev.postbus.web.console;

import dev.postbus.web.services.ServiceAway;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows pages to those who have logged in, and does what their forms ask for. */
final class SessionPages {
  private static final Logger log = LoggerFactory.getLogger(SessionPages.class);
  private static final String SEE_STATUS = "; see: ./postbus status";

  private final Console console;

  SessionPages(Console console) {
    this.console = console;
  }

  void show(Exchange exchange, Session session) {
    exchange.waiting(() -> page(exchange, session, view(exchange)));
  }

  private View view(Exchange exchange) {
    try {
      return console.view(exchange.path(), exchange.query());
    } catch (ServiceAway e) {
      return View.problem(503, "Not now", e.getMessage() + SEE_STATUS);
    } catch (KafkaException e) {
      log.debug("a page cannot be shown", e);
      return View.problem(503, "Not now", "the bus does not answer" + SEE_STATUS);
    }
  }

  private void page(Exchange exchange, Session session, View view) {
    var data = new HashMap<>(view.data());
    data.put("title", view.title());
    data.put("domain", console.domain());
    data.put("formToken", session.formToken());
    data.put("places", Place.all(exchange.path()));
    // A page that brings itself up to date must not take the word from the next one.
    var notice = exchange.live() ? null : session.notice().getAndSet(null);
    data.put("notices", notice == null ? List.of() : List.of(notice));
    exchange.html(view.status(), console.pages().render(view.template(), data));
  }

  /** Does something if a form is one of the session's own. */
  void owned(Exchange exchange, Session session, Fields form, Runnable deed) {
    if (session.owns(form.get("token"))) {
      deed.run();
    } else {
      exchange.plain(
          403, "This form is not one of your session's: go back and load the page anew.\n");
    }
  }

  /** Does what a form asks for. */
  void act(Exchange exchange, Session session, Fields form) {
    owned(exchange, session, form, () -> answer(exchange, session, outcome(exchange, form)));
  }

  private Console.Outcome outcome(Exchange exchange, Fields form) {
    try {
      return console.act(exchange.path(), form);
    } catch (ServiceAway e) {
      return Console.Outcome.next(
          Notice.refused("It is not known whether this was done.", List.of("" + e.getMessage())),
          "");
    }
  }

  private void answer(Exchange exchange, Session session, Console.Outcome outcome) {
    if (outcome.shown() != null) {
      page(exchange, session, outcome.shown());
    } else {
      session.notice().set(outcome.notice());
      exchange.redirect(outcome.next());
    }
  }
}
