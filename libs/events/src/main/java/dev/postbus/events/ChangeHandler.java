package dev.postbus.events;

/** Applies changes, one at a time; when a method returns, the change has been dealt with. */
public interface ChangeHandler {
  /** There is a newer configuration than the one applied last. */
  void configChanged(Envelope<ConfigChanged> change);

  /** There is a newer certificate than the one applied last. */
  void certChanged(Envelope<CertChanged> change);
}
