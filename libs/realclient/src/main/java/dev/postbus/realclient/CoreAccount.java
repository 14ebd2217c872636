package dev.postbus.realclient;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A person: one account of a core, at a relay. Waits a minute for whatever is to come. */
public final class CoreAccount {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DONE = 1000;

  private final Core core;
  private final int number;
  private final String address;

  private CoreAccount(Core core, int number, String address) {
    this.core = core;
    this.number = number;
    this.address = address;
  }

  /** A new one, that the relay makes at the login; ready when the core is. */
  public static CoreAccount open(Core core, Login login) throws IOException, InterruptedException {
    var number = fresh(core);
    core.call("add_or_update_transport", number, login.parameters());
    return new CoreAccount(core, number, login.address());
  }

  /**
   * A new one, by the code that a relay shows.
   *
   * @param code what the camera has read, e.g. {@code DCACCOUNT:https://relay.example/new}
   */
  public static CoreAccount scan(Core core, String code) throws IOException, InterruptedException {
    var number = fresh(core);
    core.call("add_transport_from_qr", number, code);
    var address = core.call("get_config", number, "configured_addr").asText();
    return new CoreAccount(core, number, address);
  }

  private static int fresh(Core core) throws IOException, InterruptedException {
    var number = core.call("add_account").asInt();
    // One device an account, as most people have.
    core.call("batch_set_config", number, Map.of("bcc_self", "0", "displayname", "Somebody"));
    return number;
  }

  /** Its number in its core. */
  public int number() {
    return number;
  }

  /** Its mail address. */
  public String address() {
    return address;
  }

  /** All that its core told, about its other accounts too. */
  public EventLog events() {
    return core.events();
  }

  /** Waits until it is in IDLE, as the core tells, for the first time. */
  public void awaitIdle() throws IOException, InterruptedException {
    await(0, "ImapInboxIdle");
  }

  /** The next event of a kind behind a mark. */
  public CoreEvent await(int mark, String kind) throws IOException, InterruptedException {
    return await(mark, kind, event -> true);
  }

  /** The next event of a kind behind a mark that is wanted. */
  public CoreEvent await(int mark, String kind, Predicate<CoreEvent> wanted)
      throws IOException, InterruptedException {
    return events()
        .await(mark, kind, PATIENCE, event -> event.is(number, kind) && wanted.test(event));
  }

  /**
   * Becomes acquainted with another, whose code it scans; returns when both are through.
   *
   * @return the chat with the other
   */
  public int join(CoreAccount other) throws IOException, InterruptedException {
    var mine = events().mark();
    var theirs = other.events().mark();
    var code = other.core.call("get_chat_securejoin_qr_code", other.number, null);
    var chat = core.call("secure_join", number, code).asInt();
    await(mine, "SecurejoinJoinerProgress", CoreAccount::done);
    other.await(theirs, "SecurejoinInviterProgress", CoreAccount::done);
    return chat;
  }

  private static boolean done(CoreEvent event) {
    return event.number("progress") == DONE;
  }

  /** Makes a group of itself and those in these chats. */
  public int group(String name, List<Integer> chats) throws IOException, InterruptedException {
    var group = core.call("create_group_chat", number, name, false).asInt();
    for (var chat : chats) {
      var contact = core.call("get_chat_contacts", number, chat).path(0).asInt();
      core.call("add_contact_to_chat", number, group, contact);
    }
    return group;
  }

  /** How many are in a chat, itself included in groups. */
  public int members(int chat) throws IOException, InterruptedException {
    return core.call("get_chat_contacts", number, chat).size();
  }

  /** Takes up a chat that others began. */
  public void accept(int chat) throws IOException, InterruptedException {
    core.call("accept_chat", number, chat);
  }

  /** Sends a text into a chat; returns when the core has it, not the relay. */
  public int send(int chat, String text) throws IOException, InterruptedException {
    return core.call("misc_send_text_message", number, chat, text).asInt();
  }

  /** Sends a file with a text into a chat; returns when the core has it, not the relay. */
  public int send(int chat, String text, Path file) throws IOException, InterruptedException {
    var message = Map.of("text", text, "file", file.toString(), "viewtype", "File");
    return core.call("send_msg", number, chat, message).asInt();
  }

  /**
   * The next message behind a mark that begins so, as the core shows it. A large file is announced
   * first, by its text with its name and size behind it.
   */
  public JsonNode received(int mark, String text) throws IOException, InterruptedException {
    for (int seen = 0; ; ) {
      int last = seen;
      seen = await(mark, "IncomingMsg", event -> event.number("msgId") > last).number("msgId");
      var message = message(seen);
      if (message.path("text").asText().startsWith(text)) {
        return message;
      }
    }
  }

  /** A message, as the core shows it. */
  public JsonNode message(int message) throws IOException, InterruptedException {
    return core.call("get_message", number, message);
  }

  /** Looks at a message, as a person does who has the chat open: its sender hears of that. */
  public void read(int message) throws IOException, InterruptedException {
    core.call("markseen_msgs", number, List.of(message));
  }

  /** Deletes a message that it has sent, for all who have it. */
  public void deleteForAll(int message) throws IOException, InterruptedException {
    core.call("delete_messages_for_all", number, List.of(message));
  }

  @Override
  public String toString() {
    return address;
  }
}
