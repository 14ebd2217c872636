package dev.postbus.policy.dict;

import java.io.IOException;

/** Something that a client may ask for but does not get; told to Dovecot, and no fault of ours. */
public final class DictRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why, without the value that was refused. */
  public DictRefusal(String message) {
    super(message);
  }
}
