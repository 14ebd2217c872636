package dev.postbus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.postbus.cli.Rest.Answer;
import java.io.Console;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "user",
    description = "Shows, blocks and deletes accounts.",
    subcommands = {
      UserCommand.ListAll.class,
      UserCommand.Show.class,
      UserCommand.Block.class,
      UserCommand.Unblock.class,
      UserCommand.Delete.class
    })
final class UserCommand {
  static final String SERVICE = "mail-supervisor";

  private UserCommand() {}

  @Command(name = "list", description = "Prints all accounts, in the order of their addresses.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON, a line an account.")
    private boolean json;

    @Override
    public Integer call() {
      var after = "";
      while (true) {
        var answer =
            new Rest().get(SERVICE, state.ports().mail(), "/mail/users?after=" + encoded(after));
        if (refused(answer)) {
          return 1;
        }
        print(answer.json().path("users"), after.isEmpty());
        var next = answer.json().path("next");
        if (!next.isTextual()) {
          return 0;
        }
        after = next.asText();
      }
    }

    private void print(JsonNode users, boolean first) {
      if (json) {
        users.forEach(System.out::println);
        return;
      }
      var rows = new ArrayList<List<String>>();
      if (first) {
        rows.add(List.of("LAST LOGIN", "BLOCKED", "ADDRESS"));
      }
      for (var user : users) {
        rows.add(
            List.of(
                user.path("lastLogin").asText(),
                user.path("blocked").asBoolean() ? "blocked" : "-      ",
                user.path("address").asText()));
      }
      if (!rows.isEmpty()) {
        System.out.println(StatusTable.layOut(rows));
      }
    }
  }

  @Command(name = "show", description = "Prints what there is to know about an account.")
  static final class Show implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private AddressParameter user = new AddressParameter();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
      var answer = new Rest().get(SERVICE, state.ports().mail(), user.path());
      if (refused(answer)) {
        return 1;
      }
      var found = answer.json();
      if (json) {
        System.out.println(found.toPrettyString());
        return 0;
      }
      System.out.printf(
          "%s%s%n  last login    %s%n  created       %s%n  mail          %d, %s on disk%n"
              + "  other files   %s%n  takes         %s%n  push tokens   %d%n",
          found.path("address").asText(),
          found.path("blocked").asBoolean() ? ", blocked" : "",
          found.path("lastLogin").asText(),
          found.path("created").asText("unknown"),
          found.path("messages").asLong(),
          Bytes.text(found.path("messageBytes").asLong()),
          Bytes.text(found.path("otherBytes").asLong()),
          found.path("acceptsCleartext").asBoolean() ? "cleartext too" : "encrypted mail only",
          found.path("pushTokens").asInt());
      return 0;
    }
  }

  @Command(
      name = "block",
      description = "Lets nobody log in to an account any more, and ends its sessions.")
  static final class Block implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private AddressParameter user = new AddressParameter();

    @Override
    public Integer call() {
      return change(state, "POST", user.path() + "/block", "blocked", "is blocked already");
    }
  }

  @Command(name = "unblock", description = "Lets its owner log in again, with the old password.")
  static final class Unblock implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private AddressParameter user = new AddressParameter();

    @Override
    public Integer call() {
      return change(state, "POST", user.path() + "/unblock", "unblocked", "is not blocked");
    }
  }

  @Command(
      name = "delete",
      description = {
        "Deletes an account with all of its mail, and ends its sessions.",
        "The address is free again then: to keep it from being used, block it."
      })
  static final class Delete implements Callable<Integer> {
    @Mixin private StateOption state = new StateOption();
    @Mixin private AddressParameter user = new AddressParameter();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
      // First of all whether there is a stack at all.
      state.ports();
      if (!yes && !confirmed()) {
        throw new Failure("nothing was deleted; without a question: --yes");
      }
      return change(state, "DELETE", user.path(), "deleted", "is not there");
    }

    private boolean confirmed() {
      return Optional.ofNullable(System.console())
          .filter(Console::isTerminal)
          .map(
              console ->
                  console.readLine("Delete %s with all of its mail? Type yes: ", user.address()))
          .filter("yes"::equals)
          .isPresent();
    }
  }

  /** Which account. */
  static final class AddressParameter {
    @Parameters(paramLabel = "ADDRESS", description = "The account's address.")
    private String address = "";

    String address() {
      return address;
    }

    String path() {
      return "/mail/users/" + encoded(address);
    }
  }

  private static int change(
      StateOption state, String method, String path, String done, String nothing) {
    var answer = new Rest().send(SERVICE, state.ports().mail(), method, path, new byte[0]);
    if (refused(answer)) {
      return 1;
    }
    var changed = answer.json();
    System.out.println(
        changed.path("address").asText()
            + (changed.path("changed").asBoolean() ? " " + done : " " + nothing));
    return 0;
  }

  /** Whether it was not done; then the reason has been printed. */
  static boolean refused(Answer answer) {
    if (answer.status() < 400) {
      return false;
    }
    for (var problem : answer.json().path("problems")) {
      System.err.println(problem.path("message").asText());
    }
    return true;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
