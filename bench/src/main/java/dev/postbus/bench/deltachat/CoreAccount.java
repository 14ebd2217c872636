package dev.postbus.bench.deltachat;

import dev.postbus.bench.Target;
import dev.postbus.bench.mail.Account;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A person: one account of a core, at the relay. */
final class CoreAccount {
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
  static CoreAccount open(Core core, Target target) throws IOException, InterruptedException {
    var account = Account.fresh(target.domain());
    var number = core.call("add_account").asInt();
    // One device an account, as most people have.
    core.call("batch_set_config", number, Map.of("bcc_self", "0", "displayname", "Bench"));
    core.call("add_or_update_transport", number, login(target, account));
    return new CoreAccount(core, number, account.address());
  }

  private static Map<String, Object> login(Target target, Account account) {
    var login = new LinkedHashMap<String, Object>();
    login.put("addr", account.address());
    login.put("password", account.password());
    login.put("imapServer", target.host());
    login.put("imapPort", target.imaps());
    login.put("imapSecurity", "ssl");
    login.put("smtpServer", target.host());
    login.put("smtpPort", target.submissions());
    login.put("smtpSecurity", "ssl");
    login.put("certificateChecks", "acceptInvalidCertificates");
    return login;
  }

  int number() {
    return number;
  }

  EventLog events() {
    return core.events();
  }

  /** Waits until it is in IDLE, as the core tells, for the first time. */
  void awaitIdle() throws IOException, InterruptedException {
    await(0, "ImapInboxIdle");
  }

  /** The next event of a kind behind a mark. */
  CoreEvent await(int mark, String kind) throws IOException, InterruptedException {
    return events().await(mark, kind, PATIENCE, event -> event.is(number, kind));
  }

  /**
   * Becomes acquainted with another, whose code it scans; returns when both are through.
   *
   * @return the chat with the other
   */
  int join(CoreAccount other) throws IOException, InterruptedException {
    var mine = events().mark();
    var theirs = other.events().mark();
    var code = other.core.call("get_chat_securejoin_qr_code", other.number, null);
    var chat = core.call("secure_join", number, code).asInt();
    awaitProgress(mine, "SecurejoinJoinerProgress");
    other.awaitProgress(theirs, "SecurejoinInviterProgress");
    return chat;
  }

  private void awaitProgress(int mark, String kind) throws IOException, InterruptedException {
    events()
        .await(
            mark,
            kind,
            PATIENCE,
            event -> event.is(number, kind) && event.number("progress") == DONE);
  }

  /** Sends a text into a chat; returns when the core has it, not the relay. */
  int send(int chat, String text) throws IOException, InterruptedException {
    return core.call("misc_send_text_message", number, chat, text).asInt();
  }

  @Override
  public String toString() {
    return address;
  }
}
