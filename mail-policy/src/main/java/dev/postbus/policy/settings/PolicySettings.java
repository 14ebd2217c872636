package dev.postbus.policy.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All settings of this process; written by whoever starts it.
 *
 * @param mailDomain what follows the {@code @} in addresses of this relay
 * @param mailboxes folder of the mailboxes
 * @param blockCreation while this file exists, no account is made
 * @param uid user id that mailboxes belong to, told to Dovecot
 * @param gid group id that mailboxes belong to
 * @param accounts when an account may be made
 * @param limits what a sender may do
 * @param sockets Unix sockets for Dovecot
 * @param metadata what IMAP METADATA answers
 * @param notifications how devices are woken up
 * @param outgoing ports of the filter for mail of own users
 * @param incoming ports of the filter for mail from other servers
 * @param expiry what is removed, and when
 * @param dkim how the authors of mail from other servers are made sure of
 * @param metrics where metrics are told, and what of them others know
 * @param controlPort loopback port for health, reload and metrics
 */
public record PolicySettings(
    String mailDomain,
    Path mailboxes,
    Path blockCreation,
    int uid,
    int gid,
    Accounts accounts,
    Limits limits,
    Sockets sockets,
    Metadata metadata,
    Notifications notifications,
    Filter outgoing,
    Filter incoming,
    Expiry expiry,
    Dkim dkim,
    Metrics metrics,
    int controlPort) {

  /**
   * When an account may be made; sizes in bytes.
   *
   * @param maxLoad1m load average above which none is
   * @param registration who may have one
   * @param invites folder of the invitations
   */
  public record Accounts(
      int usernameMinLength,
      int usernameMaxLength,
      int passwordMinLength,
      double maxLoad1m,
      long minAvailableMemory,
      long minFreeDiskSpace,
      Registration registration,
      Path invites) {}

  /**
   * What a sender may do.
   *
   * @param sendPerMinute messages a minute
   * @param sendBurst messages at once
   * @param maxMessageSize bytes
   */
  public record Limits(int sendPerMinute, int sendBurst, long maxMessageSize) {}

  /** Unix sockets that Dovecot connects to. */
  public record Sockets(Path doveauth, Path lastlogin, Path quotaWarning) {}

  /**
   * What is removed, and when.
   *
   * @param deleteMailsAfter days until any mail is
   * @param deleteLargeAfter days until a large mail is that was seen
   * @param deleteInactiveUsersAfter days without a login until a mailbox is
   * @param maxMailboxSize bytes of a mailbox's quota; a fuller one loses its oldest mails
   * @param schedule file that remembers when the next daily run is due
   */
  public record Expiry(
      int deleteMailsAfter,
      int deleteLargeAfter,
      int deleteInactiveUsersAfter,
      long maxMailboxSize,
      Path schedule) {
    /** Refuses what would remove everything. */
    public Expiry {
      if (deleteMailsAfter < 1 || deleteLargeAfter < 1 || deleteInactiveUsersAfter < 1) {
        throw new IllegalArgumentException("expiry: days must be 1 or more");
      }
      if (maxMailboxSize < 1) {
        throw new IllegalArgumentException("expiry: maxMailboxSize must be 1 or more");
      }
    }
  }

  /**
   * What IMAP METADATA answers.
   *
   * @param socket Unix socket that Dovecot connects to
   * @param irohRelay address of the iroh relay; empty if clients are told of none
   * @param turnHost name or address of the TURN server
   * @param turnSecret file with its secret; while it is missing, clients are told of none
   * @param appVersions file with versions of client programs, as JSON; may be missing
   */
  public record Metadata(
      Path socket, String irohRelay, String turnHost, Path turnSecret, Path appVersions) {}

  /**
   * How devices are woken up.
   *
   * @param queue folder of notifications that wait
   * @param url of the notification server, {@code https}
   * @param trust file with PEM certificates that it may be signed by beside the JDK's roots; empty
   *     for none
   */
  public record Notifications(Path queue, URI url, String trust) {
    /** Refuses what is not HTTPS. */
    public Notifications {
      if (!"https".equals(url.getScheme()) || url.getHost() == null) {
        throw new IllegalArgumentException("notifications.url must be an https URL, not " + url);
      }
    }

    /** The file with more roots, if there is one. */
    public Optional<Path> extraTrust() {
      return trust.isEmpty() ? Optional.empty() : Optional.of(Path.of(trust));
    }

    private boolean sameEndpoints(Notifications other) {
      return queue.equals(other.queue) && trust.equals(other.trust);
    }
  }

  /**
   * A filter's loopback ports.
   *
   * @param listen where Postfix connects to
   * @param reinject where passed messages go
   */
  public record Filter(int listen, int reinject) {}

  /**
   * How the authors of mail from other servers are made sure of.
   *
   * @param required whether their domain must have signed it; not so where addresses have no domain
   * @param resolverPort loopback port of a resolver that validates DNSSEC
   */
  public record Dkim(boolean required, int resolverPort) {}

  /**
   * Where metrics are told, and what of them others know.
   *
   * @param address IP address at which they are told beside loopback, on the same port; empty for
   *     none
   * @param dovecotPort loopback port of Dovecot's own; 0 if they are not asked for
   * @param supervisorPort loopback port of mail-supervisor; 0 if it is not asked
   */
  public record Metrics(String address, int dovecotPort, int supervisorPort) {
    /** Refuses what is no address. */
    public Metrics {
      if (!address.isEmpty()) {
        InetAddress.ofLiteral(address);
      }
    }

    /** The address, if there is one. */
    public Optional<InetAddress> listen() {
      return address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(address));
    }
  }

  /**
   * Reads a settings file.
   *
   * @throws BadSettings if it is missing, not JSON, or not whole; the message says what is wrong
   */
  public static PolicySettings read(Path file) throws BadSettings {
    var json =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();
    try {
      return json.readValue(Files.readAllBytes(file), PolicySettings.class);
    } catch (JsonProcessingException e) {
      throw new BadSettings(file + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadSettings(file + " cannot be read: " + e.getMessage());
    }
  }

  /** Whether another set of settings can take effect without new sockets. */
  public boolean sameEndpoints(PolicySettings other) {
    return sockets.equals(other.sockets)
        && accounts.invites.equals(other.accounts.invites)
        && metadata.socket.equals(other.metadata.socket)
        && notifications.sameEndpoints(other.notifications)
        && outgoing.equals(other.outgoing)
        && incoming.equals(other.incoming)
        && expiry.schedule().equals(other.expiry.schedule())
        && dkim.resolverPort == other.dkim.resolverPort
        && controlPort == other.controlPort;
  }
}
