package dev.postbus.events;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a relay was like at a moment, as its events tell.
 *
 * @param configuration the newest version, null before the first
 * @param certificate the newest generation, null before the first
 * @param dkimKey the key that mail was signed with, null before the first
 * @param services what each writer did, by its name: its source without {@code urn:postbus:}
 */
public record RelayState(
    @Nullable Configuration configuration,
    @Nullable Certificate certificate,
    @Nullable DkimKey dkimKey,
    SortedMap<String, Service> services) {
  /** Copies the map. */
  public RelayState {
    services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
  }

  /**
   * A version of the configuration.
   *
   * @param version its number
   * @param since when it was made
   * @param actor who made it
   * @param reason why, null if that was not said
   * @param iniDigest SHA-256 of {@code chatmail.ini}, hex
   * @param values every key with its value
   */
  public record Configuration(
      long version,
      Instant since,
      String actor,
      @Nullable String reason,
      String iniDigest,
      Map<String, String> values) {
    /** Copies the map; keys keep their order. */
    public Configuration {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /**
   * A certificate.
   *
   * @param generation its number
   * @param since when it was there
   * @param fingerprint SHA-256, hex
   * @param names what it covers
   * @param issuer who vouches for it
   * @param notBefore from when on it is valid
   * @param notAfter how long
   * @param mode where it comes from
   * @param reason why it was had
   */
  public record Certificate(
      long generation,
      Instant since,
      String fingerprint,
      List<String> names,
      String issuer,
      Instant notBefore,
      Instant notAfter,
      CertMode mode,
      CertReason reason) {
    /** Copies the names. */
    public Certificate {
      names = List.copyOf(names);
    }
  }

  /**
   * The public part of a DKIM key.
   *
   * @param domain who signs
   * @param selector its name in DNS
   * @param txt the record's text
   * @param fingerprint SHA-256 of the public key, hex
   * @param since when it was first used
   */
  public record DkimKey(
      String domain, String selector, String txt, String fingerprint, Instant since) {}

  /**
   * What a writer did.
   *
   * @param configuration the version that it has in force, null if none
   * @param certificates what each listener was last seen to serve, by {@code listener:port}
   * @param refused the last change that it could not apply and nothing newer has replaced, or null
   * @param processes its processes, by their names
   */
  public record Service(
      @Nullable AppliedVersion configuration,
      SortedMap<String, Served> certificates,
      @Nullable Refused refused,
      SortedMap<String, ProcessState> processes) {
    /** Copies the maps. */
    public Service {
      certificates = Collections.unmodifiableSortedMap(new TreeMap<>(certificates));
      processes = Collections.unmodifiableSortedMap(new TreeMap<>(processes));
    }
  }

  /**
   * A version of the configuration in force.
   *
   * @param version its number
   * @param since when it was applied
   */
  public record AppliedVersion(long version, Instant since) {}

  /**
   * What a listener serves.
   *
   * @param generation the certificate's generation
   * @param fingerprint SHA-256, hex
   * @param since when that was seen
   */
  public record Served(long generation, String fingerprint, Instant since) {}

  /**
   * What could not be applied.
   *
   * @param what {@code version N} or {@code generation N}
   * @param reason the daemon's words
   * @param time when
   */
  public record Refused(String what, String reason, Instant time) {}

  /**
   * A process.
   *
   * @param state {@code starting}, {@code ready}, {@code stopped}, {@code ended} (unasked) or
   *     {@code gave up}
   * @param pid its number, null when there is none
   * @param restarts how often it was started again
   * @param since when it came to this state
   * @param reason why it ended, null while it runs
   */
  public record ProcessState(
      String state, @Nullable Long pid, int restarts, Instant since, @Nullable String reason) {}
}
