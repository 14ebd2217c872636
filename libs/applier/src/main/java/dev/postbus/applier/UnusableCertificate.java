package dev.postbus.applier;

/** A generation that is not there, or does not pass the checks. */
final class UnusableCertificate extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableCertificate(String message) {
    super(message);
  }
}
