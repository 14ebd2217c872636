package dev.postbus.web.console;

/** The services that the console asks. */
enum Service {
  CONFIG("config-service", "/config/status"),
  CERT("cert-service", "/cert/status"),
  MAIL("mail-supervisor", "/mail/status"),
  WEB("web-service", "/web/status");

  private final String label;
  private final String status;

  Service(String label, String status) {
    this.label = label;
    this.status = status;
  }

  /** Its name. */
  String label() {
    return label;
  }

  /** Where it shows its status. */
  String status() {
    return status;
  }
}
