package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.web.services.Answer;
import dev.postbus.web.services.Service;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Services;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pages of the configuration, which config-service judges and keeps. */
final class ConfigPages {
  private static final String KEY = "[a-z0-9_]{1,64}";
  private static final String ACTOR = "console";
  private static final int HISTORY = 30;

  private final Services services;

  ConfigPages(Services services) {
    this.services = services;
  }

  /** A key with its value and where that comes from. */
  record Value(String key, String value, String layer, String hides, boolean set) {}

  View values() throws ServiceAway {
    var config = services.get(Service.CONFIG, "/config").json();
    var values = new ArrayList<Value>();
    config
        .path("values")
        .properties()
        .forEach(entry -> values.add(value(entry.getKey(), entry.getValue())));
    return View.of(
        "configuration",
        "Configuration",
        Map.of(
            "version", config.path("version").asLong(),
            // "values" would be those of all that a template is given.
            "settings", values,
            "problems", messages(config)));
  }

  private static Value value(String key, JsonNode value) {
    var hides = new ArrayList<String>();
    for (var hidden : value.path("hides")) {
      hides.add(hidden.path("layer").asText() + " " + shown(hidden.path("value").asText()));
    }
    var layer = value.path("layer").asText();
    return new Value(
        key,
        value.path("value").asText(),
        layer,
        String.join(", ", hides),
        layer.equals("operator"));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(empty)" : value;
  }

  private static List<String> messages(JsonNode answer) {
    return answer.path("problems").valueStream().map(one -> one.path("message").asText()).toList();
  }

  /** What a change would come to. */
  record Finding(boolean good, String text, List<String> lines) {}

  /** The form for a key; with a finding, if it was asked for one. */
  View form(String key, Fields fields, boolean check) throws ServiceAway {
    return form(key, fields, check ? finding(key, fields) : new Finding(true, "", List.of()));
  }

  /** The form for a key after it was not changed. */
  View refused(String key, Fields fields, Notice why) throws ServiceAway {
    return form(key, fields, new Finding(false, why.text(), why.lines()));
  }

  private View form(String key, Fields fields, Finding finding) throws ServiceAway {
    var value = services.get(Service.CONFIG, "/config").json().path("values").path(key);
    if (!key.matches(KEY) || value.isMissingNode()) {
      return View.problem(404, "No such key", "The configuration has no such key.");
    }
    var now = value(key, value);
    return View.of(
        "configuration-key",
        key,
        Map.of(
            "now",
            now,
            "value",
            fields.values().getOrDefault("value", now.value()),
            "reason",
            fields.get("reason"),
            "finding",
            finding));
  }

  /** What config-service says of a change, and which daemons it would touch. */
  Finding finding(String key, Fields fields) throws ServiceAway {
    var answer = services.send(Service.CONFIG, "POST", "/config/proposal", change(key, fields));
    if (!answer.good()) {
      return new Finding(false, "This cannot be set.", answer.problems());
    }
    var proposal = answer.json();
    if (proposal.path("changed").isEmpty()) {
      return new Finding(true, "Nothing would change.", List.of());
    }
    var body = Map.of("configuration", proposal.path("configuration"));
    var lines = new ArrayList<>(changes(proposal.path("changed")));
    var good = tell(services.send(Service.MAIL, "POST", "/mail/plan", body), Service.MAIL, lines);
    good &= tell(services.send(Service.WEB, "POST", "/web/plan", body), Service.WEB, lines);
    return new Finding(
        good, good ? "This can be set." : "A daemon would refuse this.", List.copyOf(lines));
  }

  private static boolean tell(Answer answer, Service service, List<String> lines) {
    var plan = answer.json();
    if (!answer.good() || plan.path("refusedBy").isTextual()) {
      lines.add(
          answer.good()
              ? "%s: %s says: %s"
                  .formatted(
                      service.label(),
                      plan.path("refusedBy").asText(),
                      plan.path("reason").asText())
              : service.label() + " cannot say what would happen");
      return false;
    }
    var touched = actions(plan.path("daemons"));
    lines.add(
        service.label() + ": " + (touched.isEmpty() ? "nothing" : String.join(", ", touched)));
    return true;
  }

  private static List<String> actions(JsonNode daemons) {
    var actions = new ArrayList<String>();
    for (var daemon : daemons) {
      if (!daemon.path("action").asText().equals("none")) {
        actions.add(daemon.path("name").asText() + " " + daemon.path("action").asText());
      }
    }
    return actions;
  }

  private static List<String> changes(JsonNode changed) {
    return changed
        .valueStream()
        .map(
            one ->
                "%s: %s → %s"
                    .formatted(
                        one.path("key").asText(),
                        shown(one.path("oldValue").asText("")),
                        shown(one.path("newValue").asText(""))))
        .toList();
  }

  private static Map<String, Object> change(String key, Fields fields) {
    var change = new HashMap<String, Object>();
    change.put("actor", ACTOR);
    if (!fields.get("reason").isEmpty()) {
      change.put("reason", fields.get("reason"));
    }
    if (fields.get("unset").isEmpty()) {
      change.put("set", Map.of(key, fields.get("value")));
    } else {
      change.put("unset", List.of(key));
    }
    return change;
  }

  /** Changes a key. */
  Notice apply(String key, Fields fields) throws ServiceAway {
    if (!key.matches(KEY)) {
      return Notice.refused("There is no such key.", List.of());
    }
    return notice(services.send(Service.CONFIG, "PATCH", "/config", change(key, fields)));
  }

  /** Makes a version with the values of an older one. */
  Notice rollBack(Fields fields) throws ServiceAway {
    var version = fields.get("version");
    if (!version.matches("[1-9]\\d{0,17}")) {
      return Notice.refused("There is no such version.", List.of());
    }
    return notice(
        services.send(
            Service.CONFIG,
            "POST",
            "/config/versions/" + version + "/rollback",
            Map.of("actor", ACTOR)));
  }

  private static Notice notice(Answer answer) {
    if (!answer.good()) {
      return Notice.refused("Nothing was changed.", answer.problems());
    }
    var changed = answer.json();
    var version = changed.path("version").asLong();
    return changed.path("unchanged").asBoolean()
        ? Notice.done("Version " + version + " says so already; there was nothing to do.")
        : new Notice(
            true,
            "Version " + version + " is recorded, and its consumers are being told.",
            changes(changed.path("changed")));
  }

  /** A version in a list. */
  record Version(
      long number,
      boolean current,
      String time,
      String actor,
      String reason,
      List<String> changes,
      List<String> answers) {}

  View history() throws ServiceAway {
    var all = services.get(Service.CONFIG, "/config/versions?limit=" + HISTORY).json();
    var versions = new ArrayList<Version>();
    for (var one : all) {
      versions.add(
          new Version(
              one.path("version").asLong(),
              versions.isEmpty(),
              Texts.time(one.path("time").asText()),
              one.path("actor").asText(),
              one.path("reason").asText(""),
              few(changes(one.path("changed"))),
              one.path("answers").valueStream().map(ConfigPages::words).toList()));
    }
    return View.of("configuration-history", "History", Map.of("versions", versions));
  }

  private static List<String> few(List<String> changes) {
    return changes.size() > 8 ? List.of(changes.size() + " keys") : changes;
  }

  private static String words(JsonNode answer) {
    var service = answer.path("service").asText();
    return answer.path("applied").asBoolean()
        ? "%s applied it after %d ms".formatted(service, answer.path("afterMillis").asLong())
        : "%s rejected it; %s says: %s"
            .formatted(service, answer.path("daemon").asText(), answer.path("reason").asText());
  }
}
