package dev.postbus.applier;

/** A daemon does not take a configuration. */
public final class DaemonRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String daemon;

  /**
   * A refusal.
   *
   * @param daemon who refuses
   * @param words its own words
   */
  public DaemonRefusal(String daemon, String words) {
    super(words);
    this.daemon = daemon;
  }

  /** Who refuses. */
  public String daemon() {
    return daemon;
  }
}
