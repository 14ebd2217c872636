package dev.postbus.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where certificates come from. */
public enum CertMode {
  /** An ACME certification authority. */
  @JsonProperty("acme")
  ACME,
  /** Somebody else's hands: an import or a foreign manager's folder. */
  @JsonProperty("external")
  EXTERNAL,
  /** Made here, vouched for by nobody. */
  @JsonProperty("self-signed")
  SELF_SIGNED
}
