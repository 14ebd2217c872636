package dev.postbus.policy.settings;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may have a new account. */
public enum Registration {
  /** Whoever logs in. */
  @JsonProperty("open")
  OPEN,
  /** Whoever has been invited. */
  @JsonProperty("invite")
  INVITE,
  /** Nobody. */
  @JsonProperty("closed")
  CLOSED
}
