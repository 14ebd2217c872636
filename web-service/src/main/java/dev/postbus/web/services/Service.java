package dev.postbus.web.services;

/** The services that can be asked. */
public enum Service {
  /** What is configured. */
  CONFIG("config-service", "/config/status"),
  /** The certificate. */
  CERT("cert-service", "/cert/status"),
  /** The mail daemons, and mail-policy. */
  MAIL("mail-supervisor", "/mail/status"),
  /** This one. */
  WEB("web-service", "/web/status");

  private final String label;
  private final String status;

  Service(String label, String status) {
    this.label = label;
    this.status = status;
  }

  /** Its name. */
  public String label() {
    return label;
  }

  /** Where it shows its status. */
  public String status() {
    return status;
  }
}
