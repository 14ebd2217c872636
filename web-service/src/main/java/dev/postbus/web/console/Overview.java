package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.web.services.Answer;
import dev.postbus.web.services.Service;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** The first page: what runs, and what somebody should look at. */
final class Overview {
  private final Survey survey;
  private final Diagnosis diagnosis;
  private final Clock clock;

  Overview(Survey survey, Diagnosis diagnosis, Clock clock) {
    this.survey = survey;
    this.diagnosis = diagnosis;
    this.clock = clock;
  }

  /** A name with a value. */
  record Fact(String name, String value) {}

  View show() {
    var caa = survey.json(Service.CERT, "/cert/caa");
    var dkim = survey.json(Service.MAIL, "/mail/dkim");
    var metrics = survey.ask(Service.MAIL, "/mail/metrics");
    var state = survey.state();
    var findings = diagnosis.of(state);
    var data = new HashMap<String, Object>();
    data.put("services", state.services());
    data.put("certificate", certificate(state.cert()));
    data.put("mail", mail(Told.of(metrics.join().map(Answer::text).orElse(""))));
    data.put("storage", storage(state.storage()));
    data.put("dns", dns(dkim.join(), caa.join()));
    data.put("findings", findings);
    data.put("serious", findings.stream().anyMatch(Finding::problem));
    data.put("count", DoctorPage.count(findings));
    return View.of("overview", "Overview", data);
  }

  private List<Fact> certificate(JsonNode cert) {
    if (cert.isMissingNode()) {
      return List.of();
    }
    var end = Texts.instant(cert.path("notAfter").asText());
    return List.of(
        new Fact("names", String.join(", ", texts(cert.path("names")))),
        new Fact("kind", cert.path("mode").asText()),
        new Fact("ends", end.map(time -> Texts.distance(time, clock.instant())).orElse("")),
        new Fact("at", Texts.time(cert.path("notAfter").asText())));
  }

  private static List<Fact> mail(Told told) {
    var facts = new ArrayList<Fact>();
    add(facts, told, "accounts, counted daily", "postbus_accounts");
    add(facts, told, "new accounts", "postbus_new_accounts_total");
    add(facts, told, "logins", "postbus_logins_total", "result=\"success\"");
    add(facts, told, "failed logins", "postbus_logins_total", "result=\"failure\"");
    add(facts, told, "sent", "postbus_passed_messages_total", "outgoing", "\"taken\"");
    add(facts, told, "received", "postbus_passed_messages_total", "incoming", "\"taken\"");
    add(facts, told, "refused", "postbus_filtered_messages_total", "refused_");
    add(facts, told, "delivered", "postbus_delivered_messages_total");
    add(facts, told, "failed deliveries", "postbus_failed_deliveries_total");
    add(facts, told, "devices to wake up", "postbus_push_waiting");
    return facts;
  }

  private static void add(
      List<Fact> facts, Told told, String name, String metric, String... labels) {
    told.sum(metric, labels)
        .ifPresent(value -> facts.add(new Fact(name, String.format("%,.0f", value))));
  }

  private static List<Fact> storage(JsonNode storage) {
    if (storage.isMissingNode()) {
      return List.of();
    }
    var facts = new ArrayList<Fact>();
    storage
        .path("queue")
        .properties()
        .forEach(
            queue -> facts.add(new Fact("queue: " + queue.getKey(), queue.getValue().asText())));
    facts.add(
        new Fact(
            "disk free",
            Texts.bytes(storage.path("freeBytes").asDouble())
                + " of "
                + Texts.bytes(storage.path("diskBytes").asDouble())));
    return facts;
  }

  private static List<Fact> dns(JsonNode dkim, JsonNode caa) {
    var records = new ArrayList<Fact>();
    if (dkim.path("name").isTextual()) {
      records.add(new Fact(dkim.path("name").asText() + " TXT", dkim.path("txt").asText()));
    }
    for (var one : caa) {
      records.add(new Fact("CAA account", one.path("account").asText()));
    }
    return records;
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
