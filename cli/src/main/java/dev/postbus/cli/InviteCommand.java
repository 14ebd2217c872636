package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "invite",
    description = {
      "Makes, lists and revokes invitations.",
      "Who has one can get an account while the key registration is invite."
    },
    subcommands = {
      InviteCommand.Create.class,
      InviteCommand.ListAll.class,
      InviteCommand.Revoke.class
    })
final class InviteCommand {
  private static final String PATH = "/mail/invites";

  private InviteCommand() {}

  @Command(
      name = "create",
      description = {
        "Makes an invitation and prints its links.",
        "They are shown this once: nothing that is kept gives them away again."
      })
  static final class Create implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Spec private @Nullable CommandSpec spec;

    @Option(
        names = "--uses",
        paramLabel = "N",
        description = "How many accounts may come of it, 1 to 1000 (default: 1).")
    private int uses = 1;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description =
            "When it ends: 30m, 12h or 7d from now, a day such as 2027-01-31, or a time"
                + " such as 2027-01-31T10:00:00Z (default: never).")
    private @Nullable String expires;

    @Option(
        names = "--note",
        paramLabel = "TEXT",
        description = "For you: shown in the list, to nobody else.")
    private String note = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      var request = Rest.JSON.createObjectNode().put("uses", uses).put("note", note);
      if (expires != null) {
        request.put("expires", end(expires).toString());
      }
      var ports = state.ports();
      var configuration = new Rest().get("config-service", ports.config(), "/config").json();
      var answer =
          new Rest()
              .send(
                  UserCommand.SERVICE,
                  ports.mail(),
                  "POST",
                  PATH,
                  Rest.JSON.writeValueAsBytes(request));
      if (UserCommand.refused(answer)) {
        return 1;
      }
      var links =
          new Links(
              value(configuration, "mail_domain"),
              ports.publicPorts().getOrDefault("HTTPS", 443),
              answer.json().path("token").asText());
      print(answer.json(), links, value(configuration, "registration"));
      return 0;
    }

    private Instant end(String text) {
      return EndOption.parse(text, Instant.now())
          .orElseThrow(
              () ->
                  new ParameterException(
                      Objects.requireNonNull(spec).commandLine(),
                      "'%s' is no time: give 30m, 12h, 7d, 2027-01-31 or 2027-01-31T10:00:00Z"
                          .formatted(text)));
    }

    private void print(JsonNode created, Links links, String registration) {
      if (json) {
        var printed = (ObjectNode) created;
        printed.put("page", links.page()).put("link", links.app());
        System.out.println(printed.toPrettyString());
        return;
      }
      var invite = created.path("invite");
      System.out.printf(
          "invitation %s, %s%n  to read    %s%n  for an app %s%n"
              + "Whoever has one of these can use it. They are not shown again.%n",
          invite.path("id").asText(),
          invite.path("uses").asInt() == 1 ? "1 use" : invite.path("uses").asInt() + " uses",
          links.page(),
          links.app());
      if (!registration.equals("invite")) {
        System.out.printf(
            "Registration is %s now; invitations count after: ./postbus config set registration invite%n",
            registration);
      }
    }

    private static String value(JsonNode configuration, String key) {
      return configuration.path("values").path(key).path("value").asText();
    }
  }

  /**
   * Where an invitation leads.
   *
   * @param domain the relay's
   * @param https port of the relay's pages
   * @param token the invitation's
   */
  record Links(String domain, int https, String token) {
    /** A page for somebody who reads. */
    String page() {
      return "https://" + domain + (https == 443 ? "" : ":" + https) + "/invite/" + token;
    }

    /** What an app opens; the test of a port is not part of it. */
    String app() {
      return "DCACCOUNT:https://" + domain + "/new?invite=" + token;
    }
  }

  @Command(name = "list", description = "Prints all invitations, the oldest first.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      var answer = new Rest().get(UserCommand.SERVICE, state.ports().mail(), PATH);
      if (UserCommand.refused(answer)) {
        return 1;
      }
      if (json) {
        System.out.println(answer.json().toPrettyString());
        return 0;
      }
      var rows = new ArrayList<List<String>>();
      rows.add(List.of("ID", "LEFT", "WAITING", "USED", "CREATED", "ENDS", "NOTE"));
      for (var invite : answer.json().path("invites")) {
        rows.add(
            List.of(
                invite.path("id").asText(),
                invite.path("ended").asBoolean() ? "ended" : invite.path("left").asText(),
                invite.path("reserved").asText(),
                invite.path("made").asText(),
                invite.path("created").asText(),
                invite.path("expires").asText("never"),
                invite.path("note").asText()));
      }
      System.out.println(StatusTable.layOut(rows));
      return 0;
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Ends an invitation, also for those who have shown it and not logged in yet.",
        "Accounts that came of it stay."
      })
  static final class Revoke implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Parameters(paramLabel = "ID", description = "The invitation's, from the list.")
    private String id = "";

    @Override
    public Integer call() {
      if (!id.matches("[0-9a-f]{10}")) {
        throw new Failure("'" + id + "' is no id of an invitation: see ./postbus invite list");
      }
      var answer =
          new Rest()
              .send(
                  UserCommand.SERVICE,
                  state.ports().mail(),
                  "DELETE",
                  PATH + "/" + id,
                  new byte[0]);
      if (UserCommand.refused(answer)) {
        return 1;
      }
      System.out.println("invitation " + id + " revoked");
      return 0;
    }
  }
}
