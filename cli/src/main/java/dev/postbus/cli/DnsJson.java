package dev.postbus.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postbus.dns.check.Report;
import dev.postbus.dns.wanted.WantedRecord;
import dev.postbus.dns.zone.ZoneText;
import java.util.List;
import java.util.Locale;

/** Records, and checks of them, for other programs. */
final class DnsJson {
  private DnsJson() {}

  static ObjectNode records(RelayFacts facts, List<WantedRecord> records) {
    var all = head(facts, facts.notes());
    var list = all.putArray("records");
    for (var record : records) {
      if (!record.values().isEmpty()) {
        var entry = describe(list.addObject(), record);
        entry.put("ttl", ZoneText.TTL);
        addAll(entry.putArray("values"), record.values());
      }
    }
    return all;
  }

  static ObjectNode report(RelayFacts facts, Report report, List<String> notes) {
    var all = head(facts, notes);
    all.put("zone", report.zone());
    all.put("ok", report.works());
    var servers = all.putArray("servers");
    for (var server : report.servers()) {
      var entry = servers.addObject().put("name", server.name());
      server.address().ifPresent(address -> entry.put("address", address));
      server.problem().ifPresent(problem -> entry.put("problem", problem));
    }
    var list = all.putArray("records");
    for (var outcome : report.records()) {
      var entry = describe(list.addObject(), outcome.wanted());
      entry.put("state", lower(outcome.state()));
      entry.put("differs", outcome.differs());
      addAll(entry.putArray("wanted"), outcome.wanted().values());
      var answers = entry.putArray("answers");
      for (var answer : outcome.answers()) {
        var said = answers.addObject().put("server", answer.server());
        said.put("state", lower(answer.state()));
        addAll(said.putArray("found"), answer.found());
        answer.problem().ifPresent(problem -> said.put("problem", problem));
      }
    }
    return all;
  }

  private static ObjectNode head(RelayFacts facts, List<String> notes) {
    var all = Rest.JSON.createObjectNode().put("domain", facts.domain());
    all.put("needed", !facts.needsNoDns());
    addAll(all.putArray("notes"), notes);
    return all;
  }

  private static ObjectNode describe(ObjectNode entry, WantedRecord record) {
    return entry
        .put("name", record.name())
        .put("type", record.type())
        .put("need", lower(record.need()));
  }

  private static void addAll(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
