package dev.postbus.mail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What this service is told by its environment.
 *
 * @param state root of the state; this service uses {@code mail}, {@code mailboxes}, {@code policy}
 * @param bind address of the public listeners; {@code *} for all
 * @param ports the ports
 * @param httpPort loopback port of this service's own HTTP; 0 if it has none
 * @param vmailUid user id of mailboxes and mail-policy
 * @param vmailGid group id of mailboxes and mail-policy
 * @param policyProgram folder of mail-policy's jars
 * @param policyJvmOptions more options for its JVM
 * @param policyReplicas {@code HOST:PORT} of replicas that do some of its work; empty if there are
 *     none
 * @param irohRelay whether web-service passes on to an iroh relay
 * @param idleNotify how Dovecot tells clients of mail
 * @param notifications where devices are woken up
 * @param java the java to run it with
 */
record MailSettings(
    Path state,
    String bind,
    MailPorts ports,
    int httpPort,
    int vmailUid,
    int vmailGid,
    Path policyProgram,
    List<String> policyJvmOptions,
    String policyReplicas,
    boolean irohRelay,
    IdleNotify idleNotify,
    NotificationSettings notifications,
    Path java) {
  // sun_path of sockaddr_un has 108 bytes with the terminating zero, see unix(7).
  private static final int LONGEST_SOCKET_PATH = 107;

  MailSettings {
    state = state.toAbsolutePath().normalize();
    var longest =
        state.resolve("mail/dovecot/run/srv.imap-hibernate/login-master-notify-0123456789");
    var length = longest.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET_PATH) {
      throw new IllegalArgumentException(
          "the state folder's path %s is %d bytes too long for Unix sockets below it: use a shorter one"
              .formatted(state, length - LONGEST_SOCKET_PATH));
    }
    if (!state.toString().matches("[A-Za-z0-9/._+-]+")) {
      throw new IllegalArgumentException(
          "the state folder's path "
              + state
              + " may only have letters, digits and /._+-, as daemons read it in their configuration");
    }
  }

  Path folder() {
    return state.resolve("mail");
  }

  /** While this file is there, no account is made. */
  Path blockCreation() {
    return state.resolve("block-creation");
  }

  Path rendered() {
    return folder().resolve("rendered");
  }

  Path queue() {
    return folder().resolve("queue");
  }

  Path postfixData() {
    return folder().resolve("postfix-data");
  }

  RenewalTable renewalTable() {
    return new RenewalTable(folder());
  }

  Path dovecotRun() {
    return folder().resolve("dovecot/run");
  }

  Path dovecotState() {
    return folder().resolve("dovecot/state");
  }

  /** Holds the key alone, and is its owner's alone. */
  Path dkim() {
    return folder().resolve("dkim");
  }

  Path dkimKey() {
    return dkim().resolve("opendkim.private");
  }

  Path opendkimRun() {
    return folder().resolve("opendkim");
  }

  Path opendkimSocket() {
    return opendkimRun().resolve("opendkim.sock");
  }

  Path unbound() {
    return folder().resolve("unbound");
  }

  /** What an operator adds to Unbound's configuration. */
  Path unboundLocal() {
    return unbound().resolve("local.d");
  }

  /** Where the secret is that coturn and mail-policy share; see {@link TurnFolder}. */
  Path turnSecret() {
    return turn().isThere() ? turn().secret() : state.resolve("turn-secret");
  }

  TurnFolder turn() {
    return new TurnFolder(state.resolve("turn"), vmailUid);
  }

  Path mailboxes() {
    return state.resolve("mailboxes");
  }

  Path policy() {
    return state.resolve("policy");
  }

  Path certs() {
    return state.resolve("certs");
  }
}
