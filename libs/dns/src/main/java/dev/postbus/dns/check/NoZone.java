package dev.postbus.dns.check;

/** The zone of a domain cannot be found; the message says why and what to do. */
public final class NoZone extends Exception {
  private static final long serialVersionUID = 1L;

  NoZone(String message) {
    super(message);
  }
}
