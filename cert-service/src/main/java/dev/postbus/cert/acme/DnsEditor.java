package dev.postbus.cert.acme;

import org.xbill.DNS.Name;

/** Changes TXT records of a zone. */
interface DnsEditor {
  /**
   * Adds a TXT record; other records of the name stay.
   *
   * @throws AcmeFailure of the kind {@link FailureKind#CHALLENGE_SETUP}
   */
  void add(Name record, String value) throws AcmeFailure;

  /** Removes that record alone. */
  void remove(Name record, String value) throws AcmeFailure;
}
