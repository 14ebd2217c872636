package dev.postbus.mail;

/** A daemon does not take a configuration. */
final class DaemonRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String daemon;

  DaemonRefusal(String daemon, String words) {
    super(words);
    this.daemon = daemon;
  }

  String daemon() {
    return daemon;
  }
}
