package dev.postbus.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service did, or saw its processes do. */
public sealed interface RelayActivity extends RelayEvent {
  /** The service that says so. */
  String service();

  /**
   * What was done to one daemon because of a change.
   *
   * @param name the daemon
   * @param action {@code started}, {@code reloaded}, {@code renewed}, {@code restarted} or {@code
   *     none}
   * @param millis how long that took
   */
  record DaemonAction(String name, String action, long millis) {}

  /**
   * A version of the configuration is in force.
   *
   * @param service who applied it
   * @param version the version
   * @param daemons what was done to each daemon
   * @param afterMillis time since the version was made
   */
  record ConfigApplied(String service, long version, List<DaemonAction> daemons, long afterMillis)
      implements RelayActivity {
    /** Copies the list. */
    public ConfigApplied {
      daemons = List.copyOf(daemons);
    }
  }

  /**
   * A version of the configuration could not be applied; the one before goes on.
   *
   * @param service who tried
   * @param version the version
   * @param daemon which daemon refused it
   * @param reason the daemon's own words
   * @param restoredVersion the version that is in force again, null if there is none
   * @param afterMillis time since the version was made
   */
  record ConfigRejected(
      String service,
      long version,
      String daemon,
      String reason,
      @Nullable Long restoredVersion,
      long afterMillis)
      implements RelayActivity {}

  /**
   * A listener was seen to serve a certificate.
   *
   * @param service who applied it
   * @param generation the certificate's generation
   * @param fingerprint what is served, SHA-256 in hex
   * @param listener {@code smtp}, {@code submission}, {@code submissions}, {@code imap}, {@code
   *     imaps} or {@code https}
   * @param port the port that was asked
   * @param afterMillis time since the certificate's event
   */
  record CertApplied(
      String service,
      long generation,
      String fingerprint,
      String listener,
      int port,
      long afterMillis)
      implements RelayActivity {}

  /**
   * A certificate could not be applied; the one before goes on.
   *
   * @param service who tried
   * @param generation the certificate's generation
   * @param fingerprint the certificate
   * @param listener which listener does not serve it; null when it failed before
   * @param reason what is wrong
   * @param afterMillis time since the certificate's event
   */
  record CertRejected(
      String service,
      long generation,
      String fingerprint,
      @Nullable String listener,
      String reason,
      long afterMillis)
      implements RelayActivity {}

  /**
   * No certificate could be had.
   *
   * @param service who tried
   * @param names for which names
   * @param reason why not, with the next step
   * @param authority the ACME directory that was asked, null if none was
   * @param kind what kind of failure it was, e.g. {@code rate-limited}; null outside of ACME
   * @param failures how many there were in a row with this authority, null outside of ACME
   * @param nextAttempt when it is tried again, null if that needs somebody's hand
   */
  record CertIssueFailed(
      String service,
      List<String> names,
      String reason,
      @Nullable String authority,
      @Nullable String kind,
      @Nullable Long failures,
      @Nullable Instant nextAttempt)
      implements RelayActivity {
    /** Copies the names. */
    public CertIssueFailed {
      names = List.copyOf(names);
    }

    /** A failure that has nothing to do with ACME. */
    public CertIssueFailed(String service, List<String> names, String reason) {
      this(service, names, reason, null, null, null, null);
    }
  }

  /**
   * The certificate in use ends soon, and there is no other one to follow it.
   *
   * @param service who says so
   * @param generation the certificate's generation
   * @param fingerprint the certificate
   * @param names which names it covers
   * @param notAfter when it ends
   * @param mode where it comes from
   * @param nextStep what an operator should do
   */
  record CertExpiring(
      String service,
      long generation,
      String fingerprint,
      List<String> names,
      Instant notAfter,
      CertMode mode,
      String nextStep)
      implements RelayActivity {
    /** Copies the names. */
    public CertExpiring {
      names = List.copyOf(names);
    }
  }

  /**
   * A certificate is about to be ordered. Published before the authority hears of it, so that what
   * was ordered can be counted from the log.
   *
   * @param service who orders
   * @param names for which names
   * @param authority the ACME directory
   * @param challenge how the names will be proven, e.g. {@code http-01}
   * @param reason why it is ordered
   */
  record CertOrderBegun(
      String service, List<String> names, String authority, String challenge, String reason)
      implements RelayActivity {
    /** Copies the names. */
    public CertOrderBegun {
      names = List.copyOf(names);
    }
  }

  /**
   * An account was made with an ACME authority.
   *
   * @param service whose account it is
   * @param authority the ACME directory
   * @param account the account's URL, as a CAA record names it (RFC 8657)
   */
  record AcmeAccountRegistered(String service, String authority, String account)
      implements RelayActivity {}

  /**
   * A process was started.
   *
   * @param service whose process
   * @param process its name
   * @param pid process id
   * @param restarts how often it was restarted so far
   */
  record ProcessStarted(String service, String process, long pid, int restarts)
      implements RelayActivity {}

  /**
   * A process serves.
   *
   * @param service whose process
   * @param process its name
   * @param pid process id
   * @param afterMillis time since it was started
   */
  record ProcessReady(String service, String process, long pid, long afterMillis)
      implements RelayActivity {}

  /**
   * A process took up its configuration.
   *
   * @param service whose process
   * @param process its name
   * @param pid process id
   * @param afterMillis time since it was told to
   */
  record ProcessReloaded(String service, String process, long pid, long afterMillis)
      implements RelayActivity {}

  /**
   * A process ended.
   *
   * @param service whose process
   * @param process its name
   * @param pid process id
   * @param reason how it ended
   * @param expected whether it had been asked to
   */
  record ProcessExited(String service, String process, long pid, String reason, boolean expected)
      implements RelayActivity {}

  /**
   * A process ended too often and is not started again.
   *
   * @param service whose process
   * @param process its name
   * @param restarts how often it was restarted
   * @param reason its last end
   */
  record ProcessGaveUp(String service, String process, int restarts, String reason)
      implements RelayActivity {}

  /**
   * Mail is signed with another key than before; others find it in DNS only once it is put there.
   *
   * @param service whose key it is
   * @param domain the domain that signs
   * @param selector the key's name below {@code _domainkey} of the domain
   * @param txt the TXT record's text, which holds the public key
   * @param fingerprint SHA-256 of the public key's SubjectPublicKeyInfo, in hex
   */
  record DkimKeyChanged(
      String service, String domain, String selector, String txt, String fingerprint)
      implements RelayActivity {}
}
