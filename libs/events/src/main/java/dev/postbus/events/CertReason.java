package dev.postbus.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why there is a new certificate. */
public enum CertReason {
  /** The first one for these names. */
  @JsonProperty("issued")
  ISSUED,
  /** The one before was near its end, or an operator asked. */
  @JsonProperty("renewed")
  RENEWED,
  /** The names or the mode changed. */
  @JsonProperty("replaced")
  REPLACED,
  /** An operator brought it. */
  @JsonProperty("imported")
  IMPORTED
}
