package dev.postbus.web.console;

/** A service that was asked and did not answer, or not as it should. */
final class ServiceAway extends Exception {
  private static final long serialVersionUID = 1L;

  ServiceAway(Service service, String what) {
    super(service.label() + " " + what);
  }

  ServiceAway(Service service, String what, Throwable cause) {
    super(service.label() + " " + what, cause);
  }
}
