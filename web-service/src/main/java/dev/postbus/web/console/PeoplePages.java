package dev.postbus.web.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.web.services.Answer;
import dev.postbus.web.services.Service;
import dev.postbus.web.services.ServiceAway;
import dev.postbus.web.services.Services;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pages of accounts and invitations, which mail-policy keeps. */
final class PeoplePages {
  private static final int PAGE = 100;
  private static final int MOST_USES = 1000;
  private static final int LONGEST_NOTE = 200;

  private final Services services;
  private final Clock clock;
  private final int https;

  /**
   * Pages.
   *
   * @param https the relay's public port, for links of invitations
   */
  PeoplePages(Services services, Clock clock, int https) {
    this.services = services;
    this.clock = clock;
    this.https = https;
  }

  /** An account. */
  record User(String address, String lastLogin, boolean blocked) {}

  View users(Fields query) throws ServiceAway {
    var after = query.get("after");
    var answer =
        services.get(
            Service.MAIL, "/mail/users?limit=" + PAGE + "&after=" + Services.encoded(after));
    var found = answer.json();
    return View.of(
        "users",
        "Users",
        Map.of(
            "users",
            found.path("users").valueStream().map(PeoplePages::user).toList(),
            "paged",
            !after.isEmpty(),
            "next",
            found.path("next").isTextual()
                ? "?after=" + Services.encoded(found.path("next").asText())
                : "",
            "problems",
            answer.problems()));
  }

  private static User user(JsonNode user) {
    return new User(
        user.path("address").asText(),
        user.path("lastLogin").asText(),
        user.path("blocked").asBoolean());
  }

  /** Shuts an account out, or lets it in again. */
  Notice block(Fields fields, boolean block) throws ServiceAway {
    var address = fields.get("address");
    if (address.isEmpty()) {
      return Notice.refused("No address was given.", List.of());
    }
    var path = "/mail/users/" + Services.encoded(address) + (block ? "/block" : "/unblock");
    var answer = services.send(Service.MAIL, "POST", path, Map.of());
    return answer.good()
        ? Notice.done(address + (block ? " is blocked." : " can log in again."))
        : Notice.refused("Nothing was changed.", answer.problems());
  }

  /** An invitation. */
  record Invite(
      String id,
      boolean ended,
      String left,
      String reserved,
      String made,
      String created,
      String expires,
      String note) {}

  View invites() throws ServiceAway {
    var answer = services.get(Service.MAIL, "/mail/invites");
    return View.of(
        "invites",
        "Invitations",
        Map.of(
            "invites",
            answer.json().path("invites").valueStream().map(PeoplePages::invite).toList(),
            "registration",
            configured("registration"),
            "problems",
            answer.problems()));
  }

  private String configured(String key) throws ServiceAway {
    return services
        .get(Service.CONFIG, "/config")
        .json()
        .path("values")
        .path(key)
        .path("value")
        .asText();
  }

  private static Invite invite(JsonNode invite) {
    return new Invite(
        invite.path("id").asText(),
        invite.path("ended").asBoolean(),
        invite.path("left").asText(),
        invite.path("reserved").asText(),
        invite.path("made").asText(),
        Texts.time(invite.path("created").asText()),
        invite.path("expires").isTextual() ? Texts.time(invite.path("expires").asText()) : "never",
        invite.path("note").asText());
  }

  /** Makes one; its links are shown this once. */
  Notice create(Fields fields) throws ServiceAway {
    var uses = fields.get("uses");
    var days = fields.get("days");
    var note = fields.get("note");
    if (!uses.matches("\\d{1,4}") || !days.matches("\\d{0,4}") || note.length() > LONGEST_NOTE) {
      return Notice.refused(
          "No invitation was made.",
          List.of(
              "uses must be 1 to %d, days a number or empty, and a note at most %d letters"
                  .formatted(MOST_USES, LONGEST_NOTE)));
    }
    var request = new HashMap<String, Object>(Map.of("uses", Integer.parseInt(uses), "note", note));
    if (!days.isEmpty()) {
      request.put(
          "expires", clock.instant().plus(Duration.ofDays(Integer.parseInt(days))).toString());
    }
    var answer = services.send(Service.MAIL, "POST", "/mail/invites", request);
    return answer.good()
        ? made(answer, configured("mail_domain"))
        : Notice.refused("No invitation was made.", answer.problems());
  }

  private Notice made(Answer answer, String domain) {
    var token = answer.json().path("token").asText();
    var id = answer.json().at("/invite/id").asText();
    return new Notice(
        true,
        "Invitation " + id + " is made. Its links are shown this once:",
        List.of(
            "https://%s%s/invite/%s".formatted(domain, https == 443 ? "" : ":" + https, token),
            "DCACCOUNT:https://%s/new?invite=%s".formatted(domain, token)));
  }

  Notice revoke(Fields fields) throws ServiceAway {
    var id = fields.get("id");
    if (!id.matches("[0-9a-f]{10}")) {
      return Notice.refused("There is no such invitation.", List.of());
    }
    var answer = services.send(Service.MAIL, "DELETE", "/mail/invites/" + id, Map.of());
    return answer.good()
        ? Notice.done("Invitation " + id + " is revoked.")
        : Notice.refused("Nothing was changed.", answer.problems());
  }
}
