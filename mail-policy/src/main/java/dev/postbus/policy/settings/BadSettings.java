package dev.postbus.policy.settings;

/** A settings file that cannot be used. */
public final class BadSettings extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, with the file's name. */
  public BadSettings(String message) {
    super(message);
  }
}
