package dev.postbus.web.services;

/** A service that was asked and did not answer, or not as it should. */
public final class ServiceAway extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Says who.
   *
   * @param what it does or does not, as the end of a sentence
   */
  public ServiceAway(Service service, String what) {
    super(service.label() + " " + what);
  }

  ServiceAway(Service service, String what, Throwable cause) {
    super(service.label() + " " + what, cause);
  }
}
